import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outgoingHosts } from '../config/outgoing.ts';
import { addressKind } from './address.ts';
import { Outgoing, type OutgoingRules } from './index.ts';

describe('kinds of addresses', () => {
  it.each([
    ['8.8.8.8', 'public'],
    ['2600::1', 'public'],
    ['127.0.0.1', 'loopback'],
    ['127.255.1.2', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.0', 'public'],
    ['192.168.0.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd12::1', 'private'],
    ['::ffff:10.0.0.1', 'private'],
    ['64:ff9b::a00:1', 'private'],
    ['2002:0a00:0001::', 'private'],
    ['169.254.169.254', 'never'],
    ['::ffff:169.254.169.254', 'never'],
    ['fe80::1%eth0', 'never'],
    ['fd00:ec2::254', 'never'],
    ['0.0.0.0', 'never'],
    ['::', 'never'],
    ['224.0.0.1', 'never'],
    ['255.255.255.255', 'never'],
    ['::ffff:0.0.0.0', 'never'],
    ['not an address', 'never'],
  ])('%s is %s', (address, kind) => {
    expect(addressKind(address)).toBe(kind);
  });
});

describe('asking others', () => {
  let server: Server;
  let base: string;
  const seen: string[] = [];
  const nobody: OutgoingRules = { hosts: new Set(), loopback: false };
  const here: OutgoingRules = { hosts: new Set(), loopback: true };

  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(
        `${request.method} ${request.url} ${request.headers.host} ${request.headers.cookie ?? ''}${request.headers.authorization ?? ''}`.trim(),
      );
      if (request.url === '/long') response.end(Buffer.alloc(5000, 'x'));
      else if (request.url === '/endless') response.write('x');
      else if (request.url === '/away')
        response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end();
      else if (request.url === '/elsewhere')
        response
          .writeHead(302, { location: `http://localhost:${(server.address() as AddressInfo).port}/there` })
          .end();
      else if (request.url === '/on') response.writeHead(307, { location: '/there' }).end();
      else
        response
          .writeHead(200, { 'content-type': 'text/plain', 'set-cookie': 'a=b' })
          .end(`hello ${request.url}`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('takes an answer from where it may ask, without cookies', async () => {
    const outgoing = new Outgoing(here);
    const answer = await outgoing.request(`${base}/a`);
    expect([answer.status, await answer.text()]).toEqual([200, 'hello /a']);
    await outgoing.request(`${base}/b`);
    expect(seen.at(-1)).toBe(`GET /b ${new URL(base).host}`);
  });

  it.each([
    'http://127.0.0.1',
    'http://localhost',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'http://2130706433',
    'http://0x7f.1',
    'https://10.0.0.1',
    'https://169.254.169.254/latest/meta-data',
    'https://[fe80::1]',
    'http://8.8.8.8',
    'ftp://8.8.8.8',
    'file:///etc/passwd',
    'https://user:word@8.8.8.8',
  ])('never asks %s unless it was named', async (address) => {
    await expect(new Outgoing(nobody).request(address)).rejects.toMatchObject({ name: 'OutgoingError' });
  });

  it('asks a place inside that the operator named, by its port', async () => {
    const { host } = new URL(base);
    expect((await new Outgoing({ hosts: new Set([host]), loopback: false }).request(base)).status).toBe(200);
    const other = new Outgoing({ hosts: new Set(['127.0.0.1:1']), loopback: false });
    await expect(other.request(base)).rejects.toMatchObject({ code: 'address-refused' });
    const metadata = new Outgoing({ hosts: new Set(['169.254.169.254']), loopback: true });
    await expect(metadata.request('http://169.254.169.254')).rejects.toMatchObject({
      code: 'address-refused',
    });
  });

  it('says nothing in clear beyond this machine, also to a place that the operator named', async () => {
    const named = new Outgoing({ hosts: new Set(['10.1.2.3', 'inside.example']), loopback: true }, ((
      _host: string,
      _options: unknown,
      done: (error: null, found: unknown) => void,
    ) => done(null, [{ address: '10.1.2.3', family: 4 }])) as never);
    for (const place of ['http://10.1.2.3/', 'http://inside.example/'])
      await expect(named.request(place)).rejects.toMatchObject({ code: 'place-refused' });
  });

  it('connects to the address that was checked, whatever the name says later', async () => {
    const answers = [['8.8.8.8', '127.0.0.1'], ['127.0.0.1']];
    const resolve = ((_host: string, _options: unknown, done: (error: null, found: unknown) => void) =>
      done(
        null,
        (answers.shift() ?? []).map((address) => ({ address, family: 4 })),
      )) as never;
    const outgoing = new Outgoing(nobody, resolve);
    // One of its addresses is this machine: none of them is asked.
    await expect(outgoing.request('https://rebinding.example')).rejects.toMatchObject({
      code: 'address-refused',
    });
    await expect(outgoing.request('https://rebinding.example')).rejects.toMatchObject({
      code: 'address-refused',
    });
    const { port } = new URL(base);
    const pinned = ((
      _host: string,
      options: { all?: boolean },
      done: (error: null, found: unknown) => void,
    ) => {
      expect(options.all).toBe(true);
      done(null, [{ address: '127.0.0.1', family: 4 }]);
    }) as never;
    const named = new Outgoing({ hosts: new Set([`witness.example:${port}`]), loopback: false }, pinned);
    expect(await (await named.request(`http://witness.example:${port}/c`)).text()).toBe('hello /c');
    expect(seen.at(-1)).toContain(`witness.example:${port}`);
  });

  it('follows no redirect that was not asked for, and none to where it may not ask', async () => {
    const outgoing = new Outgoing(here);
    await expect(outgoing.request(`${base}/on`)).rejects.toMatchObject({ code: 'redirected' });
    expect(await (await outgoing.request(`${base}/on`, { redirects: 1 })).text()).toBe('hello /there');
    await expect(outgoing.request(`${base}/away`, { redirects: 3 })).rejects.toMatchObject({
      name: 'OutgoingError',
    });
    const named = new Outgoing({ hosts: new Set(['169.254.169.254']), loopback: true });
    await expect(named.request(`${base}/away`, { redirects: 3 })).rejects.toMatchObject({
      code: 'address-refused',
    });
  });

  it('hands nobody else the credential that one was asked with', async () => {
    const outgoing = new Outgoing(here);
    const headers = { Authorization: 'Bearer secret' };
    await outgoing.request(`${base}/on`, { redirects: 1, headers });
    expect(seen.at(-1)).toContain('secret');
    await outgoing.request(`${base}/elsewhere`, { redirects: 1, headers });
    expect(seen.at(-1)).toContain('GET /there localhost');
    expect(seen.at(-1)).not.toContain('secret');
  });

  it('takes no more than its bound, and waits no longer', async () => {
    const outgoing = new Outgoing(here);
    expect(await (await outgoing.request(`${base}/long`, { most: 5000 })).text()).toHaveLength(5000);
    await expect(outgoing.request(`${base}/long`, { most: 4999 })).rejects.toMatchObject({
      code: 'too-large',
    });
    await expect(outgoing.request(`${base}/endless`, { milliseconds: 50 })).rejects.toThrow(/abort|timeout/i);
  });
});

it('is the only way out: no other part of the server opens a connection over HTTP', () => {
  const source = join(import.meta.dirname, '..');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/\.test\.ts$|^(outgoing|testing)\//.test(file),
  );
  expect(files.length).toBeGreaterThan(100);
  // What only listens opens none, nor does what asks a broker for messages by a method of that name.
  const asks =
    /(?:globalThis\.|(?<![.\w]))fetch\(|import (?!type)(?!\{ createServer(?: as \w+)?(?:, type \w+)* \})[^;]*from 'node:https?'/;
  expect(files.filter((file) => asks.test(readFileSync(join(source, file), 'utf8')))).toEqual([]);
});

describe('places that the operator names', () => {
  it('are names and addresses, with a port or without', () => {
    const hosts = outgoingHosts('witness.hospital.example, 10.0.0.5:8443, [fd00::5]:443, fd00::6,');
    expect([...hosts]).toEqual(['witness.hospital.example', '10.0.0.5:8443', 'fd00::5:443', 'fd00::6']);
    expect(outgoingHosts(undefined).size).toBe(0);
  });

  it.each(['https://x', 'a b', 'x:99999', '10.0.0.0/8', '*'])('refuses %s', (text) => {
    expect(() => outgoingHosts(text)).toThrow('WARDLINE_OUTGOING_ALLOW');
  });
});
