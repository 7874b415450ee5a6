import { loadKnowledge } from '@wardline/knowledge';
import { assessmentSchema } from '@wardline/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digest } from '../report/digest.ts';
import { htmlReport } from '../report/html/report.ts';
import { textReport } from '../report/text/report.ts';
import { plain } from '../terminal/style.ts';
import { assessBytes } from '../testing/assess-bytes.ts';
import { secrets, shortCapture, wardCapture } from '../testing/capture.ts';
import { assessmentJson } from './json.ts';

const knowledge = loadKnowledge();
const page = { width: 100, style: plain };

describe('a small ward', () => {
  it('gives devices, conversations and findings that follow the schema', async () => {
    const { assessment } = await assessBytes(wardCapture(), knowledge);
    expect(assessmentSchema.parse(JSON.parse([...assessmentJson(assessment)].join('')))).toEqual(assessment);
    expect(assessment.assets.flatMap((asset) => asset.ips).toSorted()).toEqual([
      '10.20.1.11',
      '10.20.1.12',
      '10.20.1.13',
    ]);
    expect(assessment.conversations.map((item) => [item.serverPort, item.application])).toEqual(
      expect.arrayContaining([
        [2575, 'hl7'],
        [80, 'http'],
      ]),
    );
    const rules = assessment.findings.map((finding) => finding.rule);
    expect(rules).toEqual(
      expect.arrayContaining(['cleartext-phi', 'cleartext-credential', 'cleartext-clinical-protocol']),
    );
  });

  it('reads as a person likes to read', async () => {
    const { assessment } = await assessBytes(wardCapture(), knowledge);
    const text = textReport(assessment, knowledge, page);
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
    await expect(text).toMatchFileSnapshot('../../baseline/ward.txt');
  });

  it('says in words what was given up to stay within the bounds', async () => {
    const { assessment } = await assessBytes(wardCapture(), knowledge, { connections: 1 });
    expect(assessment.statistics.evicted.connections).toBeGreaterThan(0);
    expect(textReport(assessment, knowledge, page)).toMatch(
      /Given up to stay within memory: \d+ × connections\./,
    );
  });

  it('lets no name of a patient, user or password out, in any form', async () => {
    const { assessment } = await assessBytes(wardCapture(), knowledge);
    const forms = [
      [...assessmentJson(assessment)].join(''),
      textReport(assessment, knowledge, page),
      htmlReport(assessment, knowledge),
    ];
    for (const form of forms) {
      for (const secret of [
        ...Object.values(secrets),
        'QUANDARY',
        Buffer.from(`${secrets.user}:${secrets.password}`).toString('base64'),
      ])
        expect(form).not.toContain(secret);
    }
  });

  it('is the same in every run with the same key', async () => {
    const runs = await Promise.all([1, 2].map(() => assessBytes(wardCapture(), knowledge)));
    expect(runs[0]?.assessment).toEqual(runs[1]?.assessment);
  });
});

describe('a damaged capture', () => {
  it('cut off at any byte ends with the packets before it and at most one located error', async () => {
    const whole = shortCapture();
    for (let length = 0; length < whole.length; length++) {
      const { assessment } = await assessBytes(whole.subarray(0, length), knowledge);
      expect(assessment.errors.length).toBeLessThanOrEqual(1);
      const [error] = assessment.errors;
      if (error) expect(error).toMatchObject({ file: 'ward.pcap', offset: expect.any(Number) });
      expect(assessment.statistics.packets).toBeLessThanOrEqual(7);
    }
  }, 180_000);

  it('with flipped bits is still an assessment', async () => {
    const whole = wardCapture();
    const flips = fc.array(fc.nat(whole.length * 8 - 1), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(flips, async (bits) => {
        const bytes = Buffer.from(whole);
        for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const { assessment } = await assessBytes(bytes, knowledge);
        assessmentSchema.parse(assessment);
        textReport(assessment, knowledge, page);
      }),
      { seed: 5, numRuns: 60 },
    );
  });
});

const hostile = '<img/src=x/onerror=alert(1)>"\'&</title><script>alert(2)</script>';

describe('a hostile host name', () => {
  it('is text in the web page', async () => {
    const { assessment } = await assessBytes(wardCapture(), knowledge);
    for (const asset of assessment.assets) {
      asset.name = hostile;
      asset.hostnames = [hostile];
      asset.vendor = hostile;
    }
    for (const finding of assessment.findings) finding.summary = hostile;
    const markup = htmlReport(assessment, knowledge);
    expect(markup).not.toMatch(/<(script|img)/i);
    expect(markup).toContain('&lt;script&gt;');
    expect(markup).toContain("default-src 'none'");
  });

  it('moves no cursor and forges no line in the terminal', async () => {
    const { assessment } = await assessBytes(wardCapture(), knowledge);
    for (const asset of assessment.assets) asset.name = '\u001b[2J\u001b]0;owned\u0007\r\nAll is well\u202e';
    for (const finding of assessment.findings) finding.summary = '\u001b[31mx\nAll is well';
    const text = textReport(assessment, knowledge, page);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(text.split('\n')).not.toContain('All is well');
  });
});

it('asks for nothing outside itself and has a place for every link', async () => {
  const { assessment } = await assessBytes(wardCapture(), knowledge);
  const markup = htmlReport(assessment, knowledge);
  expect(markup).not.toMatch(/\b(src|href)="(?!#)|@import|url\(/i);
  const ids = new Set([...markup.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]));
  const targets = [...markup.matchAll(/href="#([^"]+)"/g)].map((match) => match[1]);
  expect(targets.filter((target) => !ids.has(target))).toEqual([]);
  expect(targets.length).toBeGreaterThan(6);
});

it('puts the most severe first in its ten most urgent', async () => {
  const { assessment } = await assessBytes(wardCapture(), knowledge);
  const { urgent } = digest(assessment, knowledge);
  expect(new Set(urgent.map((line) => line.finding.rule)).size).toBe(urgent.length);
  expect(urgent.length).toBeLessThanOrEqual(10);
});
