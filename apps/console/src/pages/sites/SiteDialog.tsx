import { Select, TextInput } from '@mantine/core';
import type { Site } from '@wardline/model';
import { useState } from 'react';
import { sites } from '../../api/sites.ts';
import { ReasonDialog } from '../../shell/reason.tsx';

const timeZones = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];

/** Adds a site, or changes what one is called. */
export function SiteDialog({ site, onClose }: { site: Site | null; onClose: () => void }) {
  const [name, setName] = useState(site?.name ?? '');
  const [region, setRegion] = useState(site?.region ?? '');
  const [timeZone, setTimeZone] = useState(site?.timeZone ?? 'UTC');
  const text = { name: name.trim(), region: region.trim(), timeZone };
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={site ? `Change ${site.name}` : 'Add a site'}
      confirm={site ? 'Change it' : 'Add it'}
      done={site ? `${text.name} is changed.` : `${text.name} is added.`}
      ready={text.name !== ''}
      act={(reason) => (site ? sites.change(site.id, text, reason) : sites.add(text, reason))}
    >
      <TextInput
        label="Name"
        required
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Region"
        description="Free words by which sites belong together; may stay empty."
        maxLength={80}
        value={region}
        onChange={(event) => setRegion(event.currentTarget.value)}
      />
      <Select
        label="Time zone"
        data={timeZones}
        searchable
        allowDeselect={false}
        value={timeZone}
        onChange={(zone) => setTimeZone(zone ?? 'UTC')}
      />
    </ReasonDialog>
  );
}
