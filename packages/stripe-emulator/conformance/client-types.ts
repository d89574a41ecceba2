import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/**
 * The fields that Stripe's official client says are always there (`field: T | null`, not `field?: T`), by the `object` name
 * of their owner. The specification only demands fields that are never null, but a program that was compiled against
 * the client relies on all of these.
 */
export function promisedFields(): Map<string, string[]> {
  const client = createRequire(__filename).resolve('stripe');
  const folder = join(dirname(client), 'resources');
  const out = new Map<string, string[]>();
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.d.ts') && !name.startsWith('V2'))) {
    const text = readFileSync(join(folder, file), 'utf8');
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
    source.forEachChild((node) => {
      if (!ts.isInterfaceDeclaration(node) || node.name.text.startsWith('Deleted')) return;
      const name = objectName(node, source);
      if (name !== undefined) out.set(name, requiredMembers(node, source));
    });
  }
  return out;
}

/** The literal of `object: 'customer'`. */
function objectName(node: ts.InterfaceDeclaration, source: ts.SourceFile): string | undefined {
  for (const member of node.members) {
    if (!ts.isPropertySignature(member) || member.name.getText(source) !== 'object') continue;
    const { type } = member;
    return type && ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)
      ? type.literal.text
      : undefined;
  }
  return undefined;
}

function requiredMembers(node: ts.InterfaceDeclaration, source: ts.SourceFile): string[] {
  return node.members.flatMap((member) =>
    ts.isPropertySignature(member) && member.questionToken === undefined ? [member.name.getText(source)] : [],
  );
}
