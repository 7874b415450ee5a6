import type { Detection, Harm, HazardKind } from '@wardline/model';

/** How a detection is told: whom it may harm, by which kind of hazard, and what to do first. */
export interface Telling {
  harms: readonly Harm[];
  /** What it may do to a device of care that it touches; null where it does nothing to it. */
  hazard: HazardKind | null;
  /** Technique of MITRE ATT&CK (Enterprise T…, ICS T0…). */
  technique: string | null;
  /** What it means where no device of care is known to be touched. */
  meaning: string;
  advice: string;
}

const looks: Pick<Telling, 'harms' | 'hazard' | 'meaning'> = {
  harms: ['patient', 'operations'],
  hazard: 'degraded',
  meaning: 'Somebody learns what could be attacked. Old devices can stop working from being scanned alone.',
};
const fromInside = 'Find out who or what runs on the device that does it, before anything is unplugged.';

export const tellings: Readonly<Record<Detection, Telling>> = {
  'horizontal-scan': {
    ...looks,
    technique: 'T1046',
    advice: `${fromInside} If it is an audit, suppress it until its end.`,
  },
  'vertical-scan': {
    ...looks,
    technique: 'T1046',
    advice: `${fromInside} If it is an audit, suppress it until its end.`,
  },
  'address-sweep': {
    ...looks,
    technique: 'T1018',
    advice: `${fromInside} If it is an audit, suppress it until its end.`,
  },
  'brute-force': told(
    ['patient', 'privacy'],
    'controlled',
    'T1110',
    'Whoever guesses the password can do whatever its owner may.',
    'Cut the way between the two if care allows it, look for a sign-in that succeeded, and change the password.',
  ),
  'password-spraying': told(
    ['privacy', 'operations'],
    'controlled',
    'T1110.003',
    'One weak password on any of them is enough.',
    'Look for sign-ins that succeeded, and take the device that does it off the network if care allows it.',
  ),
  'default-credential': told(
    ['patient', 'privacy'],
    'controlled',
    'T1078.001',
    'Anybody who has read the manual can do the same.',
    'Ask who signed in. Change the password in the next safe window; until then limit who reaches the service.',
  ),
  beaconing: told(
    ['privacy', 'operations'],
    'controlled',
    'T1071',
    'Malware asks its master for orders in this way; so do programs that look for updates.',
    'Find out who owns the address that is called, and which program calls it.',
  ),
  exfiltration: told(
    ['privacy'],
    null,
    'T1041',
    'If there are records of patients in it, this may be a breach that must be reported.',
    'Find out what was sent and by whose order; keep the evidence; call the privacy officer.',
  ),
  'dns-tunnel': told(
    ['privacy', 'operations'],
    'controlled',
    'T1071.004',
    'Data leaves, or orders come in, past every firewall that lets names be asked for.',
    'Block the zone at the name server and look at the device that asks.',
  ),
  'icmp-tunnel': told(
    ['privacy', 'operations'],
    'controlled',
    'T1095',
    'Data leaves, or orders come in, in packets that most firewalls let pass.',
    'Block ICMP between the two and look at the device that sends.',
  ),
  'failed-names': told(
    ['operations'],
    null,
    'T1568.002',
    'Malware looks for its master so; a wrongly set search domain looks the same.',
    'Look at which names are asked for at the name server.',
  ),
  'arp-spoofing': told(
    ['patient', 'privacy'],
    'controlled',
    'T1557.002',
    'What is said to the devices can be read and changed on its way.',
    'Find the port of the hardware address at the switch and shut it; switch on dynamic ARP inspection.',
  ),
  'neighbour-spoofing': told(
    ['patient', 'privacy'],
    'controlled',
    'T1557',
    'What is said to the devices can be read and changed on its way.',
    'Find the port of the hardware address at the switch and shut it; switch on neighbour discovery inspection.',
  ),
  'rogue-dhcp': told(
    ['patient', 'privacy', 'operations'],
    'lost',
    'T1557.003',
    'Devices that start now may end up with no network, or with an attacker as their way out.',
    'Find its port at the switch and shut it; switch on DHCP snooping.',
  ),
  'rogue-dns': told(
    ['privacy', 'operations'],
    null,
    'T1557',
    'Whoever asks it can be led to a false server.',
    'Find out who runs it, and who was told to ask it.',
  ),
  'rogue-router': told(
    ['patient', 'privacy', 'operations'],
    'lost',
    'T1557',
    'What leaves the network can be read, changed or lost.',
    'Find its port at the switch and shut it; switch on router advertisement guard and root guard.',
  ),
  'name-poisoning': told(
    ['privacy'],
    null,
    'T1557.001',
    'Computers that believe it hand it the proofs of their users.',
    'Take it off the network, switch LLMNR and NetBIOS names off, and change passwords of who signed in to it.',
  ),
  'dhcp-starvation': told(
    ['operations', 'patient'],
    'lost',
    'T1499',
    'Devices that are moved or restarted get no address.',
    'Find the port that they come from and limit addresses per port.',
  ),
  'address-flood': told(
    ['operations', 'privacy'],
    'degraded',
    'T1557',
    'The switch may send everything to everybody, and slow down.',
    'Find the port that they come from and limit addresses per port.',
  ),
  'lateral-movement': told(
    ['patient', 'privacy', 'operations'],
    'controlled',
    'T1021',
    'An intruder goes from device to device until he finds what he looks for.',
    'Ask who works there. If nobody does, isolate where it comes from, and look where it came from before.',
  ),
  ransomware: told(
    ['patient', 'operations', 'privacy'],
    'lost',
    'T1486',
    'Files that care depends on become unreadable, one after the other, now.',
    'Isolate the computer that does it at once, then the share; call the incident lead; keep paper records ready.',
  ),
  flood: told(
    ['patient', 'operations'],
    'lost',
    'T0814',
    'What is flooded cannot serve others meanwhile, and may have to be restarted.',
    'Stop the sender at its port; see that the device came back.',
  ),
  'unsafe-command': told(
    ['patient'],
    'controlled',
    'T0855',
    'The device may now do something else than it was set to do.',
    'Have somebody look at the device itself now; then find out who gave the command.',
  ),
  'new-command': told(
    ['privacy', 'operations'],
    null,
    'T0855',
    'It may be a new task, or somebody who tries.',
    'Ask who changed what the sender does.',
  ),
  'protocol-misuse': told(
    ['operations'],
    'degraded',
    'T1571',
    'It may be a hidden way, or a mistake of set-up.',
    'Find out which program speaks there.',
  ),
  impersonation: told(
    ['patient', 'privacy'],
    'controlled',
    'T0848',
    'Results or orders may be filed under the wrong device or patient.',
    'Find out which of the two is the true one; a device that was replaced looks the same.',
  ),
  'attack-tool': told(
    ['operations', 'patient'],
    'degraded',
    'T1595',
    'Somebody looks for weaknesses.',
    'Ask whether an audit is under way. If so, suppress it until its end.',
  ),
  'clear-text-downgrade': told(
    ['privacy', 'patient'],
    'controlled',
    'T1562.010',
    'What was secret can now be read and changed.',
    'Look for what was changed at the two; look for somebody in between.',
  ),
  'identity-change': told(
    ['patient', 'operations'],
    'controlled',
    'T0857',
    'It was updated or replaced, or somebody poses as it.',
    'Hold it against the plan of changes. If there is none, check the device itself.',
  ),
  silence: told(
    ['patient', 'operations'],
    'lost',
    'T0815',
    'It is off, unplugged or broken.',
    'Have somebody look at the device.',
  ),
  'clock-drift': told(
    ['patient', 'operations'],
    'degraded',
    null,
    'Times in records are wrong, and signatures and certificates may be refused.',
    'Set the time source of the device.',
  ),
  'new-device': told(
    ['operations'],
    null,
    null,
    'Somebody brought or plugged in something.',
    'See whether it is in the register; if nobody knows it, find its port.',
  ),
  'new-peer': told(
    ['operations', 'privacy'],
    null,
    null,
    'It may be a new task, or the first step of somebody who should not be there.',
    'Ask whether something was changed.',
  ),
  'new-service': told(
    ['operations'],
    null,
    'T1133',
    'There is one more way into the device.',
    'Ask whether something was installed or switched on.',
  ),
  'unusual-volume': told(
    ['privacy', 'operations'],
    null,
    'T1030',
    'It may be a copy of everything, or a backup.',
    'Ask whether a backup or move was planned.',
  ),
  'unusual-time': told(
    ['operations'],
    null,
    null,
    'Somebody works at an hour at which nobody does.',
    'Ask the ward.',
  ),
  'policy-drift': told(
    ['patient', 'operations'],
    'controlled',
    null,
    'What is real is no longer what was approved: there is a way that no enforcement point closes, or care needs what nobody declared.',
    'Look under Enforcement whether each point runs the version in force. If care needs it, declare it in a draft; if not, find the way past the point.',
  ),
  'rogue-access-point': told(
    ['privacy', 'patient'],
    'controlled',
    'T0860',
    'Devices that join it are in its hands: what they send can be read and changed, and what they are told is what it likes.',
    'Look where it stands by the strength of its signal, and switch it off; see which devices joined it, and have somebody with the patients of those.',
  ),
  'deauthentication-flood': told(
    ['patient', 'operations'],
    'lost',
    'T0814',
    'Devices that are thrown off show no values at the central station and raise no alarm there. Often it is the first step to lure them to a false access point.',
    'Have somebody look at the patients whose devices are wireless, and connect by cable what can be. Find the sender by the strength of its signal; require protected management frames.',
  ),
  'own-rule': told(
    ['patient', 'privacy', 'operations'],
    null,
    null,
    'A rule that this hospital wrote itself says that this must not happen.',
    'Ask whoever wrote the rule what it is there for, and look at what was seen.',
  ),
  signature: told(
    ['operations'],
    'degraded',
    null,
    'A signature of an attack matched.',
    'Read the rule and look at the packets.',
  ),
  'sensor-silent': told(
    ['operations'],
    null,
    'T1562',
    'Nobody watches there meanwhile.',
    'See to the sensor.',
  ),
};

function told(
  harms: readonly Harm[],
  hazard: HazardKind | null,
  technique: string | null,
  meaning: string,
  advice: string,
): Telling {
  return { harms, hazard, technique, meaning, advice };
}
