import { FileInput, Textarea } from '@mantine/core';
import { useState } from 'react';
import { hashed } from '../../format/hashed.ts';
import { OwnerFields } from '../risks/OwnerFields.tsx';

/** The fewest letters that the server takes for a statement or a rationale. */
const LEAST_WORDS = 10;

export const isSaid = (text: string): boolean => text.trim().length >= LEAST_WORDS;

/** What a person vouches for: a sentence, a document of which name and hash are kept, whose word it is and until when it counts. */
export function useVouching() {
  const [statement, setStatement] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [fields, setFields] = useState({ owner: '', deadline: '' });
  const isReady = isSaid(statement) && file !== null && fields.owner !== '' && fields.deadline !== '';
  const said = async () => {
    const { name, sha256 } = await hashed(file!);
    const words = { statement: statement.trim(), owner: fields.owner, until: fields.deadline };
    return { ...words, document: name, sha256 };
  };
  return { isReady, said, fields: { statement, setStatement, file, setFile, fields, setFields } };
}

type Fields = ReturnType<typeof useVouching>['fields'];

export function VouchFields({ of, hint, after }: { of: Fields; hint: string; after: string }) {
  return (
    <>
      <Textarea
        label="What is the case"
        description={hint}
        required
        autosize
        minRows={2}
        maxLength={2000}
        value={of.statement}
        onChange={(event) => of.setStatement(event.currentTarget.value)}
      />
      <FileInput
        label="Document that shows it"
        description="It stays with you: only its name and SHA-256 are kept."
        required
        placeholder="Choose a file"
        value={of.file}
        onChange={of.setFile}
      />
      <OwnerFields value={of.fields} onChange={of.setFields} deadlineLabel="It counts until" required />
      <p className="dim">{after}</p>
    </>
  );
}
