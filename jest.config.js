// `unit` runs beside the code, `feature` drives real daemons, runtimes, plugins and registries, `kubelet` a real kubelet over all
// of them: it is built first, which takes minutes, so it runs only when asked for.
const shared = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/strip-types.js' },
};

export default {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{src,cri-api,cni,conmon-ts,deploy}/**/*.test.ts'],
    },
    {
      ...shared,
      displayName: 'feature',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['<rootDir>/test/kubelet/'],
    },
    { ...shared, displayName: 'kubelet', testMatch: ['<rootDir>/test/kubelet/**/*.test.ts'] },
  ],
  testTimeout: 120_000 * Number(process.env['CRI_TS_TEST_SLOWNESS'] ?? 1),
};
