import { NativeSelect } from '@mantine/core';
import { askableRoles } from '@wardline/model';
import { elevations, type Wish } from '../../api/authority.ts';
import { plain } from '../../format/words.ts';
import { useDraft } from '../../shell/drafts.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { everywhere, isScope, ScopeFields, scopeOf } from './ScopeFields.tsx';

const spans = [
  { value: '30', label: 'half an hour' },
  { value: '60', label: 'one hour' },
  { value: '120', label: 'two hours' },
  { value: '240', label: 'four hours' },
  { value: '480', label: 'a shift of eight hours' },
];
export const roleChoices = askableRoles.map((role) => ({ value: role, label: plain(role) }));

const TITLE = 'Ask for a role';

/** Asks for a role for a time. */
export function AskDialog({ role: asked, onClose }: { role: string; onClose: () => void }) {
  const known = askableRoles.find((one) => one === asked) ?? 'biomedical-engineer';
  const [role, setRole] = useDraft<Wish['role']>(TITLE, 'role', known);
  const [minutes, setMinutes] = useDraft(TITLE, 'minutes', '60');
  const [scope, setScope] = useDraft(TITLE, 'scope', everywhere);
  const wish = { role, minutes: Number(minutes), ...scopeOf(scope) };
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={TITLE}
      confirm="Ask"
      done="Asked. Somebody else has to approve it within a day."
      ready={isScope(scope)}
      act={(reason) => elevations.request(wish, reason)}
    >
      <NativeSelect
        label="Role"
        data={roleChoices}
        value={role}
        onChange={(event) => setRole(event.currentTarget.value as Wish['role'])}
      />
      <NativeSelect
        label="For"
        data={spans}
        value={minutes}
        onChange={(event) => setMinutes(event.currentTarget.value)}
      />
      <ScopeFields value={scope} onChange={setScope} />
      <p className="small dim">
        It holds from the approval on and ends by itself. You can take the request back, or give the role back
        early.
      </p>
    </ReasonDialog>
  );
}
