import { join } from 'node:path';
import type { Lab } from './lab.ts';
import { run, sleep } from './process.ts';

const SWITCH = { id: 'switch', hostname: 'switch' };
/** Offloading would put unfinished checksums and oversized frames on the wire. */
const OFFLOADS = ['tx', 'rx', 'tso', 'gso', 'gro'];

export interface Port {
  device: string;
  /** Name of the interface on the device. */
  nic: string;
  mac: string;
  /** Access port of this VLAN. */
  vlan: number;
}

/**
 * The ward's switch: Open vSwitch with its user-space datapath (it needs nothing of the kernel but veth and tun), one
 * access port per device, and a mirror of every port on which frames carry their VLAN tag, each frame once.
 */
export class Switch {
  private readonly lab: Lab;
  private ports = 0;

  constructor(lab: Lab) {
    this.lab = lab;
  }

  async start(): Promise<void> {
    await this.lab.addNamespace(SWITCH.id);
    await this.quiet(SWITCH.id);
    const database = join(this.lab.dir, 'conf.db');
    await this.lab.must(['ovsdb-tool', 'create', database, '/usr/share/openvswitch/vswitch.ovsschema']);
    const env = this.env();
    this.lab.startOn(SWITCH, ['ovsdb-server', database, `--remote=punix:${this.socket()}`, '--pidfile'], {
      env,
    });
    await this.control('--no-wait', 'init');
    this.lab.startOn(SWITCH, ['ovs-vswitchd', `unix:${this.socket()}`, '--pidfile'], { env });
    await this.addMirroredBridge();
  }

  /** Connects a new interface of a device to an access port; the device's name space exists. */
  async connect(port: Port): Promise<void> {
    const name = `p${++this.ports}`;
    const target = `wl-${port.device}`;
    const inSwitch = ['ip', '-n', 'wl-switch'];
    await this.lab.must([
      ...inSwitch,
      'link',
      'add',
      name,
      'type',
      'veth',
      'peer',
      'name',
      port.nic,
      'netns',
      target,
    ]);
    await this.lab.must([...inSwitch, 'link', 'set', name, 'up']);
    await this.lab.must(['ip', '-n', target, 'link', 'set', port.nic, 'address', port.mac]);
    await this.plain(port.device, port.nic);
    await this.control('add-port', 'sw0', name, `tag=${port.vlan}`);
  }

  /** The command that records the mirror into `file`, run on the switch. */
  record(file: string) {
    return this.lab.startOn(SWITCH, [
      'tcpdump',
      '-Z',
      'root',
      '-i',
      'tap',
      '-s',
      '0',
      '-U',
      '-n',
      '-w',
      file,
    ]);
  }

  private async addMirroredBridge(): Promise<void> {
    await this.lab.must([
      'ip',
      '-n',
      'wl-switch',
      'link',
      'add',
      'mirror',
      'type',
      'veth',
      'peer',
      'name',
      'tap',
    ]);
    for (const nic of ['mirror', 'tap']) {
      await this.plain(SWITCH.id, nic);
      await this.lab.must(['ip', '-n', 'wl-switch', 'link', 'set', nic, 'up']);
    }
    // A real switch hands LLDP to its own agent; here the agent sits behind a port, so these frames are let through.
    const bridge = ['--', 'set', 'bridge', 'sw0', 'datapath_type=netdev', 'other-config:forward-bpdu=true'];
    await this.control('add-br', 'sw0', ...bridge);
    const mirror = ['--id=@m', 'create', 'mirror', 'name=span', 'select_all=true', 'output-port=@p'];
    await this.control(
      'add-port',
      'sw0',
      'mirror',
      '--',
      '--id=@p',
      'get',
      'port',
      'mirror',
      '--',
      ...mirror,
      '--',
      'set',
      'bridge',
      'sw0',
      'mirrors=@m',
    );
  }

  private async plain(device: string, nic: string): Promise<void> {
    const settings = OFFLOADS.flatMap((name) => [name, 'off']);
    await run(['ip', 'netns', 'exec', `wl-${device}`, 'ethtool', '-K', nic, ...settings]);
  }

  private async quiet(device: string): Promise<void> {
    const off = ['net.ipv6.conf.all.disable_ipv6=1', 'net.ipv6.conf.default.disable_ipv6=1'];
    await this.lab.must(['ip', 'netns', 'exec', `wl-${device}`, 'sysctl', '-qw', ...off]);
  }

  private async control(...args: string[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const argv = ['ovs-vsctl', '--timeout=8', `--db=unix:${this.socket()}`, ...args];
      const { code, stderr } = await run(argv);
      if (code === 0) return;
      if (attempt === 20) throw new Error(`${argv.join(' ')}: ${stderr}`);
      await sleep(100);
    }
  }

  private socket(): string {
    return join(this.lab.dir, 'db.sock');
  }

  private env(): Record<string, string> {
    return { OVS_RUNDIR: this.lab.dir, OVS_LOGDIR: join(this.lab.dir, 'logs'), OVS_DBDIR: this.lab.dir };
  }
}
