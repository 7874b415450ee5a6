import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DETACH, type Side, type StreamSession } from '../dissector.ts';
import { FRUITLESS_OFFERS, SESSION_BUFFER } from '../limits.ts';
import { SessionFeed } from './feed.ts';

/** Messages of a length byte and as many bytes; those that begin with 255 are skipped without being looked at. */
class Messages implements StreamSession {
  readonly heard: string[] = [];
  ended = 0;

  onData(from: Side, bytes: Uint8Array): number {
    const length = bytes[0]!;
    if (bytes.length < 2) return 0;
    if (bytes[1] === 255) return 1 + length;
    if (bytes.length < 1 + length) return 0;
    this.heard.push(`${from}:${bytes.subarray(1, 1 + length).join(',')}`);
    return 1 + length;
  }

  onEnd(): void {
    this.ended += 1;
  }
}

describe('the feed of a session', () => {
  test('gives the same messages however the bytes are cut', () => {
    const message = fc.array(fc.nat(255), { minLength: 1, maxLength: 30, size: 'max' });
    const messages = fc.array(fc.tuple(fc.boolean(), message), { maxLength: 12, size: 'max' });
    fc.assert(
      fc.property(messages, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (all, cuts) => {
        const session = new Messages();
        const feed = new SessionFeed(session);
        const shared = new Uint8Array(64);
        let turn = 0;
        for (const [isClient, content] of all) {
          const bytes = [content.length, ...content];
          for (let at = 0; at < bytes.length; ) {
            const piece = bytes.slice(at, at + cuts[turn++ % cuts.length]!);
            shared.set(piece);
            feed.data(isClient ? 'client' : 'server', shared.subarray(0, piece.length));
            at += piece.length;
          }
        }
        const expected = all
          .filter(([, content]) => content[0] !== 255)
          .map(([isClient, content]) => `${isClient ? 'client' : 'server'}:${content.join(',')}`);
        expect(session.heard).toEqual(expected);
        expect(feed.heldBytes).toBe(0);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  test('ends a session that leaves more than the bound, and not one that leaves just that', () => {
    const session = { onData: () => 0, onEnd: () => {} };
    const feed = new SessionFeed(session);
    feed.data('client', new Uint8Array(SESSION_BUFFER));
    expect([feed.alive, feed.heldBytes]).toEqual([true, SESSION_BUFFER]);
    feed.data('client', new Uint8Array(1));
    expect([feed.alive, feed.heldBytes]).toEqual([false, 0]);
  });

  test('ends a session that takes nothing too often, and not one that does just so often', () => {
    const feed = new SessionFeed({ onData: () => 0 });
    for (let offers = 0; offers <= FRUITLESS_OFFERS; offers++) feed.data('client', new Uint8Array(1));
    expect(feed.alive).toBe(true);
    feed.data('client', new Uint8Array(1));
    expect(feed.alive).toBe(false);
  });

  test('ends a session at a gap that it does not take, and says so once', () => {
    const session = new Messages();
    const feed = new SessionFeed(session);
    feed.gap('server', 5);
    feed.data('client', new Uint8Array([1, 7]));
    feed.end();
    expect([feed.alive, session.heard, session.ended]).toEqual([false, [], 1]);
  });

  test('does not report a gap inside a skipped range', () => {
    const gaps: number[] = [];
    const heard: number[] = [];
    const session: StreamSession = {
      onData: (_from, bytes) => {
        heard.push(...bytes);
        return heard.length === 1 ? 100 : bytes.length;
      },
      onGap: (_from, length) => gaps.push(length) > 0,
    };
    const feed = new SessionFeed(session);
    feed.data('client', new Uint8Array([1]));
    feed.gap('client', 60);
    feed.data('client', new Uint8Array(38));
    feed.gap('client', 3);
    feed.data('client', new Uint8Array([2]));
    expect([gaps, heard]).toEqual([[2], [1, 2]]);
  });

  test('leaves a session that detaches alone', () => {
    let calls = 0;
    const feed = new SessionFeed({
      onData: () => {
        calls += 1;
        return DETACH;
      },
      onEnd: () => {
        calls += 100;
      },
    });
    feed.data('client', new Uint8Array(9));
    feed.data('server', new Uint8Array(9));
    feed.end();
    expect(calls).toBe(1);
  });
});
