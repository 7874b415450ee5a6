import { Checkbox, NumberInput, PasswordInput, Select, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { type SecretRow, secrets } from '../../api/secrets.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { kindWords } from './words.ts';

type Kind = SecretRow['kind'];
interface Form {
  asset: string;
  account: string;
  kind: Kind;
  address: string;
  port: string;
  hostKey: string;
  everyDays: string;
  standing: boolean;
  password: string;
  privateKey: string;
  privPassword: string;
  authHash: 'sha1' | 'sha256' | 'sha384' | 'sha512';
}

const empty: Omit<Form, 'asset'> = {
  account: '',
  kind: 'kept',
  address: '',
  port: '',
  hostKey: '',
  everyDays: '',
  standing: false,
  password: '',
  privateKey: '',
  privPassword: '',
  authHash: 'sha256',
};

const hashes = [
  { value: 'sha1', label: 'SHA-1' },
  { value: 'sha256', label: 'SHA-256' },
  { value: 'sha384', label: 'SHA-384' },
  { value: 'sha512', label: 'SHA-512' },
];

/** Takes the secret of an account into keeping, as it is now. Nothing is sent to the device. */
export function AdoptDialog({ asset, onClose }: { asset: string; onClose: () => void }) {
  const [form, setForm] = useState<Form>({ ...empty, asset });
  const set = (changes: Partial<Form>) => setForm((now) => ({ ...now, ...changes }));
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title="Keep a secret"
      confirm="Keep it"
      done="It is sealed. Nothing was sent to the device."
      ready={form.asset !== '' && form.account !== '' && (form.password !== '' || form.privateKey !== '')}
      act={(reason) => secrets.adopt(bodyOf(form), reason)}
    >
      <AssetChoice form={form} set={set} />
      <div className="row">
        <TextInput
          label="Account"
          required
          value={form.account}
          onChange={(event) => set({ account: event.currentTarget.value })}
        />
        <Select
          label="How it is changed"
          data={Object.entries(kindWords).map(([value, label]) => ({ value, label }))}
          value={form.kind}
          allowDeselect={false}
          onChange={(kind) => set({ kind: (kind ?? 'kept') as Kind })}
        />
      </div>
      {form.kind !== 'kept' && <Place form={form} set={set} />}
      <Value form={form} set={set} />
      <NumberInput
        label="To be changed every so many days"
        description="Empty: only when somebody orders it, after it was taken out, or when somebody who knew it leaves."
        min={1}
        value={form.everyDays}
        onChange={(days) => set({ everyDays: String(days) })}
      />
      {form.kind !== 'kept' && (
        <Checkbox
          label="Change it without an order each time (never for devices of care)"
          checked={form.standing}
          onChange={(event) => set({ standing: event.currentTarget.checked })}
        />
      )}
    </ReasonDialog>
  );
}

interface Part {
  form: Form;
  set: (changes: Partial<Form>) => void;
}

function AssetChoice({ form, set }: Part) {
  const [words, setWords] = useState('');
  const found = useQuery({ ...queries.assetChoice(words), enabled: words.length > 1 });
  const known = useQuery({ ...queries.asset(form.asset), enabled: form.asset !== '' });
  const chosen = known.data === undefined ? [] : [{ value: form.asset, label: known.data.asset.name }];
  const others = (found.data?.items ?? [])
    .filter(({ id }) => id !== form.asset)
    .map(({ id, name }) => ({ value: id, label: `${name} (${id})` }));
  return (
    <Select
      label="Device"
      required
      searchable
      placeholder="Type its name"
      data={[...chosen, ...others]}
      value={form.asset === '' ? null : form.asset}
      onSearchChange={setWords}
      onChange={(asset) => set({ asset: asset ?? '' })}
      filter={({ options }) => options}
    />
  );
}

function Place({ form, set }: Part) {
  return (
    <>
      <div className="row">
        <TextInput
          label="Address"
          description="One that the inventory knows of this device."
          required
          value={form.address}
          onChange={(event) => set({ address: event.currentTarget.value })}
        />
        <NumberInput
          label="Port"
          description={form.kind === 'snmpv3' ? '161 where it is empty.' : '22 where it is empty.'}
          min={1}
          max={65_535}
          value={form.port}
          onChange={(port) => set({ port: String(port) })}
        />
      </div>
      {form.kind !== 'snmpv3' && (
        <TextInput
          label="Fingerprint of its host key"
          description="SHA256:… as ssh-keygen -l prints it at the device. No secret is told to whoever answers with another."
          required
          value={form.hostKey}
          onChange={(event) => set({ hostKey: event.currentTarget.value })}
        />
      )}
    </>
  );
}

function Value({ form, set }: Part) {
  if (form.kind === 'ssh-key')
    return (
      <Textarea
        label="Private key as it is now"
        required
        autosize
        minRows={3}
        value={form.privateKey}
        onChange={(event) => set({ privateKey: event.currentTarget.value })}
      />
    );
  const isSnmp = form.kind === 'snmpv3';
  return (
    <>
      <PasswordInput
        label={isSnmp ? 'Authentication password as it is now' : 'Password as it is now'}
        required
        autoComplete="off"
        value={form.password}
        onChange={(event) => set({ password: event.currentTarget.value })}
      />
      {isSnmp && (
        <Select
          label="Authentication"
          allowDeselect={false}
          data={hashes}
          value={form.authHash}
          onChange={(authHash) => set({ authHash: (authHash ?? 'sha1') as Form['authHash'] })}
        />
      )}
      {isSnmp && (
        <PasswordInput
          label="Privacy password as it is now (AES-128)"
          required
          autoComplete="off"
          value={form.privPassword}
          onChange={(event) => set({ privPassword: event.currentTarget.value })}
        />
      )}
    </>
  );
}

function bodyOf({ asset, account, kind, address, port, hostKey, everyDays, standing, ...value }: Form) {
  const { password, privateKey, privPassword, authHash } = value;
  const days = everyDays === '' ? {} : { everyDays: Number(everyDays) };
  const all = { asset, account, kind, ...days };
  if (kind === 'kept') return { ...all, standing: false, value: { password } };
  const place = { address, standing, ...(port === '' ? {} : { port: Number(port) }) };
  if (kind === 'snmpv3')
    return { ...all, ...place, value: { authPassword: password, privPassword, authHash } };
  return { ...all, ...place, hostKey, value: kind === 'ssh-key' ? { privateKey } : { password } };
}
