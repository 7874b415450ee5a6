import { describe, expect, it } from 'vitest';
import { runDatagram, runStream, type Step } from '../../testing/harness.ts';
import {
  expectDamageHolds,
  expectNothingLeaks,
  expectSameInAnySegmentation,
  expectTruncationHolds,
} from '../../testing/properties.ts';
import { syslog, syslogStream } from './index.ts';

const MARK = 'Zzmark';
const modern = `<165>1 2026-03-01T22:14:15.003Z pump-7.ward.example infusiond 812 ID47 [x@1 name="${MARK}"] ${MARK}`;
const old = `<34>Oct 11 22:14:15 monitor-3 su[712]: '${MARK}' failed`;

function senderOf(payload: string) {
  return runDatagram(syslog, [['client', payload]]).sightings[0]?.facts;
}

describe('syslog', () => {
  it('states who logs by which program, in both forms', () => {
    expect(senderOf(modern)).toEqual({
      format: 'rfc5424',
      facility: 20,
      hostname: 'pump-7.ward.example',
      application: 'infusiond',
    });
    expect(senderOf(old)).toEqual({
      format: 'rfc3164',
      facility: 4,
      hostname: 'monitor-3',
      application: 'su',
    });
    expect(senderOf('<13>1 - - - - - -')).toEqual({ format: 'rfc5424', facility: 1 });
  });

  it('takes nothing of a text that only might begin with a host and a program', () => {
    expect(senderOf(`<34>Oct 11 22:14:15 ${MARK} ${MARK}: admitted`)).toEqual({
      format: 'rfc3164',
      facility: 4,
    });
    for (const message of [modern, old]) expectNothingLeaks(runDatagram(syslog, [['client', message]]), MARK);
  });

  it('does not take other datagrams, nor priorities that there are none of', () => {
    expect(senderOf(modern.replace('165', '191'))).toBeDefined();
    for (const other of [
      modern.replace('165', '192'),
      '<html>',
      '<34>',
      '<34>hello',
      '<?xml version="1.0"?>',
    ])
      expect(runDatagram(syslog, [['client', other]]).recognised).toBe('no');
  });

  const steps: Step[] = [
    ['client', `${modern.length} ${modern}${old.length} ${old}`],
    ['client', `${modern.length} ${modern}`],
  ];

  it('reads messages over TCP by their count and by line', () => {
    const counted = runStream(syslogStream, steps);
    expect(counted.sightings.map(({ facts }) => facts.hostname)).toEqual([
      'pump-7.ward.example',
      'monitor-3',
      'pump-7.ward.example',
    ]);
    const lines = runStream(syslogStream, [['client', `${modern}\n${old}\n`]]);
    expect(lines.sightings.map(({ facts }) => facts.application)).toEqual(['infusiond', 'su']);
    expectNothingLeaks(counted, MARK);
    expectNothingLeaks(lines, MARK);
  });

  it('says the same however the network cuts it, and takes any damage', () => {
    expectSameInAnySegmentation(syslogStream, steps);
    expectTruncationHolds(syslogStream, steps);
    expectDamageHolds(syslogStream, steps);
  });

  it('takes any damage in a datagram', () => {
    for (const message of [modern, old]) {
      for (let length = 0; length < message.length; length++)
        runDatagram(syslog, [['client', message.slice(0, length)]], { force: true });
    }
  });
});
