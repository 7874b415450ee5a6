import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type PointGround,
  type PointReport,
  pointGroundResponse,
  pointNewsResponse,
  pointReportedResponse,
} from '@wardline/model';
import { parsePolicy } from '@wardline/policy';
import type { Command } from 'commander';
import type { AdmissionService, Event, Ground } from '../admission/admission.ts';
import { LOOK_MILLIS, REPORT_MILLIS } from '../admission/limits.ts';
import { planFrom } from '../admission/plan.ts';
import {
  askFor,
  dataOption,
  type ServerFlags,
  sendJson,
  serverAccess,
  serverOption,
  tokenOption,
} from '../api/client.ts';
import { writeDurably } from '../enforcement/durable-file.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { userPath } from '../working-directory.ts';
import { FOLDER, groundOf, PORT, serveFrom } from './admission-grounds.ts';
import { digestOf, textOf } from './policy/inputs.ts';

interface Flags extends ServerFlags {
  point: string;
  listen: string;
  state: string;
}

/** Answering FreeRADIUS by the policy in force on a server, over the devices as they count there. */
export function addAttending(admission: Command): void {
  admission
    .command('attend')
    .summary(
      'answer FreeRADIUS by the policy in force on a server; what changes there is taken in within seconds',
    )
    .argument('<plan>', 'VLANs of zones and what happens while Wardline is away, as JSON')
    .requiredOption('--point <name>', 'the name under which the server knows this point')
    .option('--listen <port>', 'on loopback', String(PORT))
    .option('--state <folder>', 'where answers are kept, and what the server said last', FOLDER)
    .option(...serverOption)
    .option(...tokenOption)
    .option(...dataOption)
    .addHelpText(
      'after',
      '\nExample:\n  wardline admission attend admission.json --point radius --server https://wardline.example:7400 --token-file /etc/wardline/token\n\nWhile the server is away it goes on by what it was told last, also after a restart.',
    )
    .action(runAttend);
}

async function runAttend(planFile: string, flags: Flags): Promise<void> {
  const attended = new Attended(flags);
  const told = (await attended.fetch().catch(unreachable)) ?? attended.kept();
  if (told === null)
    throw new CommandError('the server cannot be asked, and nothing was told before', exitCodes.failed);
  await serveFrom(groundOn(planFile, told), flags, async (service, tell, signal) => {
    await attended.follow({ planFile, told, service, tell, signal });
  });
}

function groundOn(planFile: string, { text, assets, macs }: PointGround): Ground {
  const { policy } = parsePolicy(text);
  if (policy === null) throw new CommandError('the policy cannot be read by this version', exitCodes.failed);
  const plan = planFrom(planFile, textOf(planFile));
  return groundOf(planFile, plan, policy, { assets, macs: new Map(Object.entries(macs)) });
}

/** A server that is away leaves what it said last. */
function unreachable(error: unknown): null {
  if (error instanceof CommandError) return null;
  throw error;
}

interface Following {
  planFile: string;
  told: PointGround;
  service: AdmissionService;
  tell: (event: Event) => void;
  signal: AbortSignal;
}

/** What a server says of policy and devices, kept for the times when it is away. */
class Attended {
  readonly #flags: Flags;
  readonly #file: string;

  constructor(flags: Flags) {
    this.#flags = flags;
    const folder = userPath(flags.state);
    mkdirSync(folder, { recursive: true });
    this.#file = join(folder, 'ground.json');
  }

  kept(): PointGround | null {
    if (!existsSync(this.#file)) return null;
    const parsed = pointGroundResponse.safeParse(JSON.parse(readFileSync(this.#file, 'utf8')));
    return parsed.success ? parsed.data : null;
  }

  async fetch(): Promise<PointGround> {
    const ground = await askFor(await this.#access(), this.#path('ground'), pointGroundResponse);
    writeDurably(this.#file, `${JSON.stringify(ground)}\n`);
    return ground;
  }

  /** Takes in what changes until the signal, and reports. */
  async follow({ planFile, told, service, tell, signal }: Following): Promise<void> {
    let [taken, plan, reported, said] = [told, textOf(planFile), 0, ''];
    const fail = (error: unknown): null => {
      if (!(error instanceof CommandError)) throw error;
      if (error.message !== said) tell({ event: 'not reloaded', because: error.message });
      said = error.message;
      return null;
    };
    while (!signal.aborted) {
      const fresh = await this.#news(taken).catch(fail);
      const planNow = textOf(planFile);
      if (fresh !== null || planNow !== plan) {
        try {
          await service.reload(groundOn(planFile, fresh ?? taken));
          [taken, plan, said] = [fresh ?? taken, planNow, ''];
        } catch (error) {
          // The same fault again and again is told once.
          [taken, plan] = [fresh ?? taken, planNow];
          fail(error);
        }
      }
      if (performance.now() - reported > REPORT_MILLIS || reported === 0) {
        await this.#report(taken).catch(fail);
        reported = performance.now();
      }
      await sleep(LOOK_MILLIS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** What is to be taken in; null where nothing changed. */
  async #news({ revision }: PointGround): Promise<PointGround | null> {
    const news = await askFor(await this.#access(), this.#path('news'), pointNewsResponse);
    return news.revision === null || news.revision === revision ? null : this.fetch();
  }

  async #report({ text }: PointGround): Promise<void> {
    const report: PointReport = {
      kernel: 'same',
      policyName: parsePolicy(text).policy?.name ?? null,
      policyDigest: digestOf(text),
      applied: null,
      trialUntil: null,
      listing: null,
      counted: [],
      obeys: false,
      back: null,
    };
    await sendJson(await this.#access(), this.#path('reports'), report, pointReportedResponse);
  }

  #access() {
    return serverAccess(this.#flags);
  }

  #path(what: string): string {
    return `api/v1/enforcement/${what}/${encodeURIComponent(this.#flags.point)}`;
  }
}
