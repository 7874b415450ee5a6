import { RECALL_SPANS } from '../limits.ts';
import { hasCheckDigit } from '../udi/gs1.ts';
import { hasCheckCharacter } from '../udi/hibcc.ts';
import type { Span, Units } from './recall.ts';

type Kind = 'devices' | 'lots' | 'serials' | 'other';

/** Words that say what the numbers behind them are. */
const labels: readonly [RegExp, Kind][] = [
  [/^(udi(-di)?|gtin|di|primary di)$/i, 'devices'],
  [/^(serials?|s\/?ns?)$/i, 'serials'],
  [/^(lots?|batch(es)?|charge)$/i, 'lots'],
  [
    /^(models?|catalog(ue)?|ref|reference|part|item|product|version|software|firmware|exp(iry|iration|iration date|\.)?|dates?|manufactured|distributed)$/i,
    'other',
  ],
];

const through = /^(-|–|—|to|through|thru|until|bis)$/i;

/**
 * Reads which units a notice is about out of free text (`code_info` of the FDA): device identifiers, lots and serial numbers behind their
 * words, spans, and "all". What is not recognised is left out; the caller keeps the text.
 */
export function readUnits(text: string): Units {
  const units: Units = { devices: [], lots: [], serials: [], all: saysAll(text) };
  let kind: Kind = 'other';
  let last: Span | null = null;
  let isSpan = false;
  for (const token of tokensOf(text)) {
    const label = labels.find(([pattern]) => pattern.test(token));
    if (label !== undefined) [kind, last, isSpan] = [label[1], null, false];
    else if (through.test(token)) isSpan = last !== null;
    else if (isGtin(token)) [last, isSpan] = [keepDevice(units, gtin14(token)), false];
    else if (isHibcc(token)) [last, isSpan] = [keepDevice(units, token.replaceAll('*', '')), false];
    else if (/\d/.test(token) && (kind === 'lots' || kind === 'serials')) {
      if (isSpan && last !== null) last.to = token;
      else last = keepSpan(units[kind], token);
      isSpan = false;
    } else [last, isSpan] = [null, false];
  }
  return units;
}

const saysAll = (text: string): boolean =>
  /\ball\s+(\w+\s+){0,2}(lots?|serial|batch(es)?|units?|devices?|products?|codes?)\b/i.test(text);

/** Words and numbers; a dash with spaces around it is a token of its own, one within a number belongs to it. */
const tokensOf = (text: string): string[] =>
  text.match(/[\p{L}\p{N}+*(][\p{L}\p{N}./*()_$%+-]*|(?<=\s)[-–—](?=\s)/gu)?.map(trimmed) ?? [];

const trimmed = (token: string): string =>
  token
    .replace(/^\(01\)(?=\d{14})/, '')
    .replace(/^\((?!\d+\))/, '')
    .replace(/(?<=.)[.)/-]+$/, '');

const isGtin = (token: string): boolean => /^\d{12,14}$/.test(token) && hasCheckDigit(token);
/** Twelve, thirteen and fourteen digits are one number (GS1 General Specifications §3.3.2). */
export const gtin14 = (digits: string): string => digits.padStart(14, '0');

const isHibcc = (token: string): boolean =>
  /^\*?\+[A-Z]/.test(token) && hasCheckCharacter(token.replaceAll('*', ''));

function keepDevice(units: Units, device: string): null {
  if (!units.devices.includes(device) && units.devices.length < RECALL_SPANS) units.devices.push(device);
  return null;
}

/** `A100-A199` written as one word is a span, where both ends are alike. */
function keepSpan(spans: Span[], token: string): Span {
  const [, from, to] = /^(.*\d)-(.*\d)$/.exec(token) ?? [];
  const isSpan = from !== undefined && to !== undefined && isOrdered({ from, to });
  const span = isSpan ? { from, to } : { from: token, to: token };
  if (spans.length < RECALL_SPANS) spans.push(span);
  return span;
}

const parted = (number: string) => /^(.*?)(\d+)$/.exec(number.toUpperCase());

/** Whether both ends have the same letters in front and as many digits, in rising order. */
function isOrdered({ from, to }: Span): boolean {
  const [a, b] = [parted(from), parted(to)];
  return a !== null && b !== null && a[1] === b[1] && a[2]!.length === b[2]!.length && a[2]! < b[2]!;
}

/** Whether a lot or serial number is one of them; letters count as equal in both cases. */
export function isWithin(number: string, spans: readonly Span[]): boolean {
  const wanted = number.trim().toUpperCase();
  return spans.some(({ from, to }) => {
    if (wanted === from.toUpperCase() || wanted === to.toUpperCase()) return true;
    return from !== to && isOrdered({ from, to: wanted }) && isOrdered({ from: wanted, to });
  });
}
