import { expect, it } from 'vitest';
import { certificateTodo } from './certificate-todo.ts';

it('asks for a certificate that others trust, as long as the server beyond this machine made its own', () => {
  expect(certificateTodo({ tls: 'own' })).toMatchObject([{ id: 'own-certificate', severity: 'medium' }]);
  expect(certificateTodo({ tls: null })).toEqual([]);
  expect(certificateTodo({ tls: { cert: '/etc/wardline/cert.pem', key: '/etc/wardline/key.pem' } })).toEqual(
    [],
  );
});
