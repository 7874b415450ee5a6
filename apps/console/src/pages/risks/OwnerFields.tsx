import { Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import { useMay } from '../../shell/permissions.ts';

interface Fields {
  owner: string;
  deadline: string;
}

/** Who answers for it, and until when. Who may not see the people can still take it on. */
export function OwnerFields({
  value,
  onChange,
  deadlineLabel,
  required = false,
}: {
  value: Fields;
  onChange: (next: Fields) => void;
  deadlineLabel: string;
  required?: boolean;
}) {
  const owners = useOwners();
  return (
    <>
      <Select
        label="Owner"
        required
        searchable
        data={owners}
        value={value.owner === '' ? null : value.owner}
        onChange={(owner) => onChange({ ...value, owner: owner ?? '' })}
      />
      <TextInput
        label={deadlineLabel}
        type="date"
        required={required}
        value={value.deadline}
        onChange={(event) => onChange({ ...value, deadline: event.currentTarget.value })}
      />
    </>
  );
}

function useOwners(): { value: string; label: string }[] {
  const may = useMay();
  const session = useQuery(queries.session());
  const people = useQuery({ ...queries.people(), enabled: may('people.list') });
  const own = session.data?.actor ?? '';
  const others = (people.data?.items ?? [])
    .filter(({ active }) => active)
    .map(({ id, name }) => ({ value: `person:${id}`, label: name }));
  return others.some(({ value }) => value === own) || !own.startsWith('person:')
    ? others
    : [{ value: own, label: 'Myself' }, ...others];
}
