import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { apiAddress } from '../../api/client.ts';
import { useAddress } from '../../shell/address.ts';

const forms = [
  { form: 'fhir', label: 'FHIR AuditEvent', extension: 'NDJSON' },
  { form: 'atna', label: 'IHE ATNA audit messages', extension: 'XML lines' },
  { form: 'ocsf', label: 'OCSF events', extension: 'JSON lines' },
] as const;

/** The whole ledger to be verified elsewhere, or what is searched for in the forms of other audit trails. */
export function ExportMenu() {
  const { actor, action, subject, from, to } = useAddress().values;
  const asked = { actor, action, subject, from, to };
  const isPart = Object.values(asked).some((value) => value !== undefined);
  return (
    <Menu position="bottom-end" width={300}>
      <Menu.Target>
        <Button variant="default" size="xs" leftSection={<IconDownload size={16} aria-hidden />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>To be verified, with every act</Menu.Label>
        <Menu.Item component="a" href={apiAddress('/ledger/export')} download>
          Whole ledger
        </Menu.Item>
        <Menu.Label>{isPart ? 'The acts searched for' : 'Every act'}, without names and reasons</Menu.Label>
        {forms.map(({ form, label, extension }) => (
          <Menu.Item
            key={form}
            component="a"
            href={apiAddress('/ledger/export', { form, ...asked })}
            download
            rightSection={<span className="dim small">{extension}</span>}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
