import { type Half, judged } from './case.ts';
import { type Bin, calibration, wilson } from './figures.ts';
import type { Judgement } from './judge.ts';

const SIZE = 260;
const MARGIN = 46;
const COLOURS = ['#1c7ed6', '#e8590c', '#2b8a3e'] as const;
const HALVES: readonly Half[] = ['training', 'held out'];

/** The calibration curves as SVG: on the diagonal an answer is as often true as it says, above it more often. */
export function picture(judgements: readonly Judgement[]): string {
  const panels = HALVES.map((half, n) => {
    const own = judgements.filter((judgement) => judgement.case.half === half);
    return `<g transform="translate(${MARGIN + n * (SIZE + MARGIN + 30)} 34)">${panel(half, own)}</g>`;
  });
  const width = 2 * (SIZE + MARGIN) + 50;
  const title = '<title>Calibration of identification: confidence against the share of true answers</title>';
  const ground = `<rect width="${width}" height="${SIZE + 100}" fill="#fff"/>`;
  const style = 'font-family="sans-serif" font-size="12" fill="#212529"';
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${SIZE + 100}" ${style}>${title}${ground}${panels.join('')}</svg>\n`;
}

function panel(half: Half, judgements: readonly Judgement[]): string {
  const curves = judged.map((attribute, n) => {
    const { bins } = calibration(judgements.filter((judgement) => judgement.attribute === attribute));
    const key = `<text x="${10 + n * 80}" y="${SIZE + 50}" fill="${COLOURS[n]}">● ${attribute}</text>`;
    return curve(bins, COLOURS[n]!) + key;
  });
  const heading = `<text x="0" y="-12" font-weight="bold">${half}</text>`;
  return `${heading}${frame()}${curves.join('')}`;
}

function frame(): string {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((value) => {
    const below = `<text x="${x(value)}" y="${SIZE + 16}" text-anchor="middle">${value}</text>`;
    return `${below}<text x="-6" y="${y(value) + 4}" text-anchor="end">${value}</text>`;
  });
  const names = `<text x="${SIZE / 2}" y="${SIZE + 32}" text-anchor="middle">confidence</text><text transform="translate(-34 ${SIZE / 2}) rotate(-90)" text-anchor="middle">true answers</text>`;
  const box = `<rect width="${SIZE}" height="${SIZE}" fill="none" stroke="#868e96"/>`;
  const diagonal = `<line x1="0" y1="${SIZE}" x2="${SIZE}" y2="0" stroke="#868e96" stroke-dasharray="4 4"/>`;
  return box + diagonal + ticks.join('') + names;
}

/** A point for each bin with Wilson's 95 % interval; its area grows with the number of answers. */
function curve(bins: readonly Bin[], colour: string): string {
  const line = bins.map((bin) => `${x(bin.confidence)},${y(bin.accuracy)}`).join(' ');
  const points = bins.map((bin) => {
    const [low, high] = wilson(bin.accuracy, bin.answers);
    const at = x(bin.confidence);
    const whisker = `<line x1="${at}" x2="${at}" y1="${y(low)}" y2="${y(high)}" stroke="${colour}" stroke-opacity="0.4"/>`;
    return `${whisker}<circle cx="${at}" cy="${y(bin.accuracy)}" r="${radius(bin.answers)}" fill="${colour}"/>`;
  });
  return `<polyline points="${line}" fill="none" stroke="${colour}"/>${points.join('')}`;
}

function radius(answers: number): string {
  return (2 + Math.sqrt(answers) / 2).toFixed(1);
}

function x(value: number): number {
  return Math.round(value * SIZE);
}

function y(value: number): number {
  return SIZE - Math.round(value * SIZE);
}
