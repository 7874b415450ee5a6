import { NumberInput, PasswordInput, Select, Textarea, TextInput } from '@mantine/core';
import { receiverSettings } from '@wardline/model';
import { useState } from 'react';
import { receiverActs } from '../../api/watch.ts';
import { ReasonDialog } from '../../shell/reason.tsx';

type Typed = Record<string, string>;

const kinds = [
  { value: 'syslog', label: 'Syslog over TLS: every alert' },
  { value: 'webhook', label: 'Webhook: every alert, signed' },
  { value: 'mail', label: 'Mail: grave stories, gathered' },
];
const forms = [
  { value: 'ocsf', label: 'OCSF' },
  { value: 'cef', label: 'CEF' },
  { value: 'json', label: 'JSON' },
];
const ports: Readonly<Record<string, number>> = { syslog: 6514, mail: 587 };

/** The settings as they were typed, or null where something is not as expected. */
function settingsOf(typed: Typed) {
  const { kind = 'syslog', host, url, form = 'ocsf', from, to, user } = typed;
  const ca = typed.ca?.trim() ? typed.ca : null;
  const port = Number(typed.port || ports[kind]);
  const given = {
    syslog: { kind, host, port, form, ca, certificate: typed.certificate?.trim() ? typed.certificate : null },
    webhook: { kind, url, form, ca },
    mail: { kind, host, port, ca, from, to, user: user || null },
  }[kind];
  const parsed = receiverSettings.safeParse(given);
  return parsed.success ? parsed.data : null;
}

/** Names a receiver. Its secret goes one way. */
export function AddReceiver({
  onClose,
  onSecret,
}: {
  onClose: () => void;
  onSecret: (secret: string | null) => void;
}) {
  const [typed, setTyped] = useState<Typed>({ kind: 'syslog', form: 'ocsf' });
  const set = (name: string) => (value: string | number | null) =>
    setTyped((before) => ({ ...before, [name]: String(value ?? '') }));
  const settings = settingsOf(typed);
  const name = typed.name?.trim() ?? '';
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title="Add a receiver"
      confirm="Send it alerts"
      done={`${name} is sent alerts from now on.`}
      ready={name !== '' && settings !== null}
      act={async (reason) => {
        const made = await receiverActs.add(name, settings!, typed.secret || undefined, reason);
        onSecret(made.secret);
      }}
    >
      <p>
        It is told everything that the watch finds. Places inside must be allowed by whoever runs this
        machine, too.
      </p>
      <TextInput
        label="Name"
        required
        maxLength={80}
        value={typed.name ?? ''}
        onChange={(event) => set('name')(event.currentTarget.value)}
      />
      <Select
        label="Way"
        data={kinds}
        allowDeselect={false}
        value={typed.kind ?? ''}
        onChange={set('kind')}
      />
      {typed.kind === 'webhook' ? (
        <Line
          label="Address"
          name="url"
          typed={typed}
          set={set}
          placeholder="https://desk.hospital.example/alerts"
        />
      ) : (
        <>
          <Line label="Host" name="host" typed={typed} set={set} placeholder="siem.hospital.example" />
          <NumberInput
            label="Port"
            min={1}
            max={65_535}
            value={typed.port || ports[typed.kind ?? 'syslog']!}
            onChange={set('port')}
          />
        </>
      )}
      {typed.kind === 'mail' ? (
        <>
          <Line label="From" name="from" typed={typed} set={set} placeholder="wardline@hospital.example" />
          <Line label="To" name="to" typed={typed} set={set} placeholder="duty@hospital.example" />
          <Line label="User at the relay" name="user" typed={typed} set={set} optional />
        </>
      ) : (
        <Select
          label="Form"
          data={typed.kind === 'webhook' ? forms.filter(({ value }) => value !== 'cef') : forms}
          allowDeselect={false}
          value={typed.form ?? ''}
          onChange={set('form')}
        />
      )}
      <Pem label="Authority of its certificate" name="ca" typed={typed} set={set} />
      {typed.kind === 'syslog' && (
        <Pem label="This server’s own certificate for it" name="certificate" typed={typed} set={set} />
      )}
      <Secret typed={typed} set={set} />
    </ReasonDialog>
  );
}

interface FieldProps {
  label: string;
  name: string;
  typed: Typed;
  set: (name: string) => (value: string) => void;
  placeholder?: string;
  optional?: boolean;
}

function Line({ label, name, typed, set, placeholder, optional }: FieldProps) {
  return (
    <TextInput
      label={label}
      required={!optional}
      placeholder={placeholder}
      value={typed[name] ?? ''}
      onChange={(event) => set(name)(event.currentTarget.value)}
    />
  );
}

function Pem({ label, name, typed, set }: FieldProps) {
  return (
    <Textarea
      label={label}
      description="PEM; may stay empty."
      autosize
      minRows={2}
      maxRows={5}
      value={typed[name] ?? ''}
      onChange={(event) => set(name)(event.currentTarget.value)}
    />
  );
}

const secretWords: Readonly<Record<string, { label: string; description: string }>> = {
  syslog: { label: 'Key of that certificate', description: 'PEM, only with a certificate of its own.' },
  webhook: { label: 'Secret', description: 'What messages are signed with; left empty, one is made.' },
  mail: { label: 'Password at the relay', description: 'Only with a user.' },
};

/** A key in PEM has lines, which a field of one line would lose. */
function Secret({ typed, set }: Pick<FieldProps, 'typed' | 'set'>) {
  const words = secretWords[typed.kind ?? 'syslog']!;
  const Field = typed.kind === 'syslog' ? Textarea : PasswordInput;
  return (
    <Field
      {...words}
      autoComplete="off"
      value={typed.secret ?? ''}
      onChange={(event) => set('secret')(event.currentTarget.value)}
    />
  );
}
