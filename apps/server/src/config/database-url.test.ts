import { expect, it } from 'vitest';
import { encryptedUrl } from './database-url.ts';

it.each([
  'postgresql://w@/wardline?host=%2Frun%2Fpostgresql',
  'postgresql://w:p@localhost/wardline',
  'postgresql://w:p@127.0.0.1:5433/wardline',
  'postgresql://w:p@[::1]:5433/wardline',
  'postgresql://w:p@db.hospital.example/wardline?sslmode=verify-full',
  'postgresql://w:p@a:5432,b:5432/wardline?sslmode=verify-ca&sslrootcert=/etc/ca.pem&target_session_attrs=read-write',
])('takes %s as it is', (url) => {
  expect(encryptedUrl(url)).toBe(url);
});

it.each([
  'postgresql://w:p@db.hospital.example/wardline',
  'postgresql://w:p@10.1.2.3/wardline?sslmode=prefer',
  'postgres://w:p@db/wardline?sslmode=no-verify',
  'postgresql://w:p@[fd00::5]/wardline',
  'postgresql://w:p@127.0.0.1,b:5432/wardline',
  'postgresql://w:p@/wardline?host=db.hospital.example',
  'postgresql://w:p@localhost/wardline?host=10.1.2.3',
])('takes nothing that goes in clear over the network: %s', (url) => {
  expect(() => encryptedUrl(url)).toThrow(/sslmode=verify-full is needed for/);
});

it('takes none where none is given', () => {
  expect(encryptedUrl(undefined)).toBeNull();
  expect(encryptedUrl(' ')).toBeNull();
});
