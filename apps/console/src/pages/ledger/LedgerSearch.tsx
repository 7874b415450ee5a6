import { Button, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useAddress } from '../../shell/address.ts';
import { instantOf, localOf } from './moment.ts';

const fields = [
  { name: 'actor', label: 'Who', placeholder: 'a name, or person:…' },
  { name: 'action', label: 'Act', placeholder: 'register, or register.import' },
  { name: 'subject', label: 'On', placeholder: 'asset, or asset:…' },
] as const;
const moments = [
  { name: 'from', label: 'From' },
  { name: 'to', label: 'Before' },
] as const;

/** Who did what to what, and when: each word narrows, and the address holds the question. */
export function LedgerSearch() {
  const { values, change } = useAddress();
  const search = (form: FormData) => {
    const text = (name: string) => {
      const value = form.get(name);
      return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
    };
    const words = Object.fromEntries(fields.map(({ name }) => [name, text(name)]));
    const times = Object.fromEntries(moments.map(({ name }) => [name, instantOf(text(name))]));
    change({ ...words, ...times, row: undefined });
  };
  return (
    <form
      className="ledger-search"
      aria-label="Search the ledger"
      // Typed words follow the address: taking a filter off empties its field.
      key={JSON.stringify(values)}
      onSubmit={(event) => {
        event.preventDefault();
        search(new FormData(event.currentTarget));
      }}
    >
      {fields.map(({ name, label, placeholder }) => (
        <TextInput
          key={name}
          name={name}
          label={label}
          placeholder={placeholder}
          defaultValue={values[name] ?? ''}
          maxLength={200}
        />
      ))}
      {moments.map(({ name, label }) => (
        <TextInput
          key={name}
          name={name}
          label={label}
          type="datetime-local"
          defaultValue={localOf(values[name])}
        />
      ))}
      <Button type="submit" variant="default" leftSection={<IconSearch size={16} aria-hidden />}>
        Search
      </Button>
    </form>
  );
}
