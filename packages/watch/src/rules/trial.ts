import type { Conversation, LogLine, Sighting } from '@wardline/model';
import { LogRuleDetector } from '../detect/log-rules.ts';
import { OwnRuleDetector } from '../detect/own-rules.ts';
import { addressKey, isGroup, isOutside } from '../engine/address.ts';
import { AlertBook, type AlertRecord } from '../engine/alert-book.ts';
import type { Draft, OwnRules, Scene } from '../engine/scene.ts';
import { defaultLimits } from '../limits.ts';

/** A rule held against conversations that were recorded: what it would have told. */
export class RuleTrial implements Scene {
  readonly limits = defaultLimits;
  readonly baselines = null;
  readonly accessPoints = null;
  readonly governing = null;
  readonly rules: OwnRules;
  now = 0;
  readonly #detector = new OwnRuleDetector();
  readonly #logs = new LogRuleDetector();
  readonly #book = new AlertBook(defaultLimits.openAlerts);
  readonly #found = new Map<string, AlertRecord>();

  constructor(rules: OwnRules) {
    this.rules = rules;
  }

  /** In order of time. */
  take(conversations: readonly Conversation[]): void {
    for (const conversation of conversations) {
      const { client, server, firstSeen: at, lastSeen } = conversation;
      this.now = Math.max(this.now, lastSeen);
      this.#detector.conversation(
        {
          conversation,
          client: addressKey(client),
          server: addressKey(server),
          clientOutside: isOutside(client.ip),
          serverOutside: isOutside(server.ip),
          toGroup: isGroup(server),
          at,
        },
        this,
      );
    }
    this.#keep();
  }

  /** Lines of logs, in order of time. */
  takeLogs(lines: readonly LogLine[]): void {
    for (const line of lines) this.#logs.log({ line, device: addressKey(line.source), at: line.at }, this);
    this.#keep();
  }

  /** Facts of protocols, in order of time. */
  takeSightings(sightings: readonly Sighting[]): void {
    for (const sighting of sightings) {
      const { subject, peer, firstSeen: at } = sighting;
      const told = {
        sighting,
        subject: addressKey(subject),
        peer: peer === null ? null : addressKey(peer),
        at,
      };
      this.#logs.sighting(told, this);
    }
    this.#keep();
  }

  #keep(): void {
    for (const record of this.#book.take()) this.#found.set(record.id, record);
  }

  /** In the order in which they were first seen. */
  get found(): AlertRecord[] {
    return [...this.#found.values()].toSorted((a, b) => a.firstSeen - b.firstSeen);
  }

  raise(draft: Draft): void {
    this.#book.add(draft);
  }

  classOf(): null {
    return null;
  }

  wasAttacked(): boolean {
    return false;
  }
}
