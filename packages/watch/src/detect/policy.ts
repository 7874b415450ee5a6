import type { Conversation, Severity } from '@wardline/model';
import type { Denied } from '../engine/governing.ts';
import type { Scene, Seen } from '../engine/scene.ts';
import { defaultLimits } from '../limits.ts';
import { addDistinct, type Counted, counted, HOUR, keepEvidence, WindowDetector, Windows } from './window.ts';

interface Told extends Counted {
  matters: string[];
  beyond: number;
}

/**
 * Matters (a device and a service) that are told one by one within a day. What is denied after that shares one alert: a gateway that fails lets
 * everything through at once, and that is one thing to say.
 */
export const MATTERS_A_DAY = 25;

/** Answered traffic that the policy in force denies: approved and real have drifted apart. */
export class PolicyDetector extends WindowDetector {
  readonly name = 'policy';
  readonly #told = new Windows<Told>(defaultLimits.window, 24 * HOUR, () => ({ matters: [''], beyond: 0 }));
  protected readonly windows = { told: this.#told };

  conversation({ conversation, client, server, toGroup, at }: Seen, scene: Scene): void {
    const { governing } = scene;
    if (governing === null || toGroup || at < governing.since || !isAnswered(conversation)) return;
    const { transport, serverPort: port, application } = conversation;
    const [from, to] = [conversation.client.ip, conversation.server.ip];
    if (from === null || to === null) return;
    const denied = governing.against(from, to, transport, port);
    if (denied === null) return;
    const service = `${transport}${port === null ? '' : `/${port}`}`;
    const told = this.#told.at(`version ${governing.version}`, at);
    keepEvidence(told.evidence, conversation.evidence);
    if (!addDistinct(told.matters, `${client} ${service}`, MATTERS_A_DAY + 1)) {
      this.#beyond(told, at, scene);
      return;
    }
    scene.raise({
      detection: 'policy-drift',
      about: service,
      title: 'Traffic that the approved policy denies',
      severity: severityOf(denied),
      confidence: 'high',
      basis: 'policy',
      actor: client,
      targets: [server],
      service: { transport, port, application },
      summary: `{actor} was answered by {target} on ${service}, and version ${governing.version} of the policy denies it: ${reasonOf(denied)}.`,
      firstSeen: at,
      lastSeen: conversation.lastSeen,
      evidence: [conversation.evidence],
      facts: { version: governing.version, declarations: denied.by.join(', ').slice(0, 500) },
    });
  }

  #beyond(told: Told, at: number, scene: Scene): void {
    told.beyond += 1;
    scene.raise({
      detection: 'policy-drift',
      about: 'more',
      title: 'Much traffic that the approved policy denies',
      severity: 'high',
      confidence: 'high',
      basis: 'policy',
      actor: null,
      targets: [],
      summary: `Beside ${counted(MATTERS_A_DAY, 'matter')} that are told one by one, ${counted(told.beyond, 'conversation')} that the policy denies ${told.beyond === 1 ? 'was' : 'were'} answered within a day: an enforcement point may be gone, or the policy not applied.`,
      firstSeen: told.start,
      lastSeen: at,
      evidence: told.evidence,
      facts: { beyond: told.beyond },
    });
  }
}

function isAnswered({ transport, connections, packetsFromServer }: Conversation): boolean {
  if (transport === 'tcp') return connections.established > 0 || packetsFromServer > 1;
  return packetsFromServer > 0;
}

function severityOf({ mustDeny, lifeCritical, mode }: Denied): Severity {
  if (lifeCritical && mode === 'enforce') return mustDeny ? 'critical' : 'high';
  if (mustDeny) return 'high';
  return mode === 'enforce' ? 'medium' : 'low';
}

function reasonOf({ by, mustDeny, mode }: Denied): string {
  if (mustDeny) return `${by.join(', ')} says that it must never pass`;
  const declared = by.length === 0 ? 'nothing declares it' : `${by.join(', ')} does not declare it`;
  return mode === 'alert' ? `${declared}, and it is only told so far` : declared;
}
