// Two projects: `unit` runs beside the code, `feature` drives real daemons, runtimes, plugins and registries.
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
    { ...shared, displayName: 'feature', testMatch: ['<rootDir>/test/**/*.test.ts'] },
  ],
  testTimeout: 120_000 * Number(process.env['CRI_TS_TEST_SLOWNESS'] ?? 1),
};
