import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import { Unknown } from '../../marks/marks.tsx';
import { roleWords } from './words.ts';

/** Who is on duty for each role, and how to reach them. */
export function Contacts() {
  const { data } = useQuery(queries.dutyContacts());
  if (!data) return null;
  return (
    <section className="card stack-tight" aria-labelledby="on-duty">
      <h2 id="on-duty">On duty</h2>
      <dl className="pairs">
        {Object.entries(roleWords).map(([role, word]) => {
          const contact = data.contacts.find((one) => one.role === role);
          return [
            <dt key={`${role}-role`}>{word}</dt>,
            <dd key={role}>
              {contact ? `${contact.name}, ${contact.reach}` : <Unknown word="Nobody is named" />}
            </dd>,
          ];
        })}
      </dl>
      <p className="small dim">
        Set with <code>wardline incident contact</code>.
      </p>
    </section>
  );
}
