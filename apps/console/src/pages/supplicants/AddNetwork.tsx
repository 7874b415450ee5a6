import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { supplicantActs } from '../../api/supplicants.ts';
import { ReasonDialog } from '../../shell/reason.tsx';

const wordsOf = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);

/** A person says by which network devices join, and who its servers are. */
export function AddNetwork({ onClose }: { onClose: () => void }) {
  const [network, setNetwork] = useState({ name: '', ssid: '', servers: '', wpa2Too: false });
  const set = (change: Partial<typeof network>) => setNetwork({ ...network, ...change });
  const servers = wordsOf(network.servers);
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title="Describe a network"
      confirm="Describe"
      done="Profiles of it can be made."
      ready={network.name.trim() !== '' && servers.length > 0}
      act={(reason) => supplicantActs.add({ ...network, name: network.name.trim(), servers }, reason)}
    >
      <p>Nothing changes on any device. Profiles are made from this, and each names these servers.</p>
      <TextInput
        label="Name"
        required
        maxLength={64}
        value={network.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <TextInput
        label="SSID"
        description="Empty: by cable."
        maxLength={32}
        value={network.ssid}
        onChange={(event) => set({ ssid: event.currentTarget.value })}
      />
      <TextInput
        label="RADIUS servers"
        description="Host names in their certificates. A device believes no other server."
        required
        value={network.servers}
        onChange={(event) => set({ servers: event.currentTarget.value })}
      />
      {network.ssid !== '' && (
        <Checkbox
          label="Let WPA2-Enterprise in as well"
          description="Anybody near can throw a device off that does not protect management frames."
          checked={network.wpa2Too}
          onChange={(event) => set({ wpa2Too: event.currentTarget.checked })}
        />
      )}
    </ReasonDialog>
  );
}
