import { expect, it } from 'vitest';
import { apiAddress, readProblem } from './client.ts';

it('writes one address for one question', () => {
  expect(apiAddress('/assets', { q: 'pump & co', vlan: '', sort: undefined, limit: 5 })).toBe(
    '/api/v1/assets?q=pump+%26+co&limit=5',
  );
});

it('keeps what a problem says', () => {
  const text = JSON.stringify({
    type: 'about:blank',
    title: 'No such asset',
    status: 404,
    code: 'not-found',
  });
  expect(readProblem(404, text)).toMatchObject({ title: 'No such asset', code: 'not-found', status: 404 });
});

it.each(['', '<html>Bad gateway</html>', '[]', '{"title":3}', 'null'])('makes a problem of %j', (text) => {
  expect(readProblem(502, text)).toMatchObject({ title: 'The server answered 502', status: 502 });
});
