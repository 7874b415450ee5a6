import { type Device, gatewayOf } from '../ward/device.ts';
import type { House } from '../ward/house.ts';
import type { Lab } from './lab.ts';
import type { Switch } from './switch.ts';

const OUTSIDE = [
  { device: 'web-1', nic: 'wan', router: '203.0.113.1/24', gateway: '203.0.113.1' },
  { device: 'web-b', nic: 'wan', router: '198.51.100.1/24', gateway: '198.51.100.1' },
  { device: 'us-2', nic: 'clinic', router: '10.60.5.1/24', gateway: '10.60.5.1' },
];

/** Gives every device its name space, its port and, where it has no DHCP client, its address. */
export async function wire(lab: Lab, ward: Switch, { roster, vlans }: House): Promise<void> {
  for (const device of roster) await lab.addNamespace(device.id);
  const router = roster.find((device) => device.class === 'router')!;
  await wireRouter(lab, ward, router, vlans);
  for (const device of roster) {
    if (device !== router) await wireDevice(lab, ward, device, router.id);
  }
}

async function wireDevice(lab: Lab, ward: Switch, device: Device, router: string): Promise<void> {
  const { id, mac, vlan } = device;
  await settle(lab, device);
  if (vlan === null) {
    await wireOutside(lab, device, router);
    return;
  }
  await ward.connect({ device: id, nic: 'eth0', mac, vlan });
  if (device.dhcp === undefined) await address(lab, device, gatewayOf(vlan));
}

/** One hardware address in all VLANs, as the routed interfaces of a layer 3 switch have it. */
async function wireRouter(lab: Lab, ward: Switch, router: Device, vlans: readonly number[]): Promise<void> {
  await settle(lab, router);
  await lab.must(['ip', 'netns', 'exec', `wl-${router.id}`, 'sysctl', '-qw', 'net.ipv4.ip_forward=1']);
  for (const vlan of vlans) {
    const nic = `vlan${vlan}`;
    await ward.connect({ device: router.id, nic, mac: router.mac, vlan });
    await ip(lab, router.id, 'addr', 'add', `${gatewayOf(vlan)}/24`, 'dev', nic);
    await ip(lab, router.id, 'link', 'set', nic, 'up');
  }
}

/** A cable from the router to what the ward's switch never sees itself. */
async function wireOutside(lab: Lab, device: Device, router: string): Promise<void> {
  const link = OUTSIDE.find((candidate) => candidate.device === device.id)!;
  const ends = ['link', 'add', link.nic, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', `wl-${device.id}`];
  await ip(lab, router, ...ends);
  await ip(lab, router, 'addr', 'add', link.router, 'dev', link.nic);
  await ip(lab, router, 'link', 'set', link.nic, 'up');
  await ip(lab, device.id, 'link', 'set', 'eth0', 'address', device.mac);
  await address(lab, device, link.gateway);
  for (const [where, nic] of [
    [router, link.nic],
    [device.id, 'eth0'],
  ] as const) {
    const off = ['tx', 'off', 'tso', 'off', 'gso', 'off', 'gro', 'off'];
    await lab.must(['ip', 'netns', 'exec', `wl-${where}`, 'ethtool', '-K', nic, ...off]);
  }
}

async function settle(lab: Lab, device: Device): Promise<void> {
  const v6 = device.ipv6 ? 0 : 1;
  const settings = ['default', 'all'].map((scope) => `net.ipv6.conf.${scope}.disable_ipv6=${v6}`);
  // A real device announces its address when its link comes up.
  const announce = 'net.ipv4.conf.default.arp_notify=1';
  await lab.must(['ip', 'netns', 'exec', `wl-${device.id}`, 'sysctl', '-qw', ...settings, announce]);
  await ip(lab, device.id, 'link', 'set', 'lo', 'up');
}

async function address(lab: Lab, device: Device, gateway: string): Promise<void> {
  await ip(lab, device.id, 'addr', 'add', `${device.ip}/24`, 'broadcast', '+', 'dev', 'eth0');
  await ip(lab, device.id, 'link', 'set', 'eth0', 'up');
  await ip(lab, device.id, 'route', 'add', 'default', 'via', gateway);
}

async function ip(lab: Lab, id: string, ...args: string[]): Promise<void> {
  await lab.must(['ip', '-n', `wl-${id}`, ...args]);
}
