import { expect, test } from '@jest/globals';
import { proxyFor } from './proxy.ts';

const environment = {
  HTTPS_PROXY: 'http://proxy.test:3128',
  http_proxy: 'plain.test:8080',
  NO_PROXY: '10.0.0.0/8, .below.test,here.test, port.test:444, fd00::/8,192.168.1.1',
};

test.each([
  ['https://registry.test/v2/', 'http://proxy.test:3128'],
  ['http://registry.test/v2/', 'http://plain.test:8080'],
  ['https://10.1.2.3:5000/', null],
  ['https://11.1.2.3/', 'http://proxy.test:3128'],
  ['https://192.168.1.1/', null],
  ['https://192.168.1.10/', 'http://proxy.test:3128'],
  ['https://[fd00::1]/', null],
  ['https://[fe00::1]/', 'http://proxy.test:3128'],
  ['https://a.below.test/', null],
  ['https://below.test/', 'http://proxy.test:3128'],
  ['https://here.test/', null],
  ['https://a.here.test/', null],
  ['https://nothere.test/', 'http://proxy.test:3128'],
  ['https://port.test:444/', null],
  ['https://port.test/', 'http://proxy.test:3128'],
  ['https://localhost:5000/', null],
  ['http://127.0.0.1:5000/', null],
])('%s is asked through %p', (url, proxy) => {
  expect(proxyFor(new URL(url), environment)).toBe(proxy);
});

test('a star exempts everything, and without a variable there is no proxy', () => {
  const url = new URL('https://registry.test/');
  expect(proxyFor(url, { ...environment, NO_PROXY: '*' })).toBeNull();
  expect(proxyFor(url, {})).toBeNull();
});
