import { Button, Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useMode } from '../app/mode';
import { useTexts } from '../texts/texts';
import { ALL_ELSE, useSession, useSignOut } from './session';
import { SignInForm } from './SignInForm';

/** Over the page, which stays as it is: nothing that was typed is lost. Goes by itself once the mode is open again. */
export function SignInAgain() {
  const { app, signIn, mode: modes } = useTexts();
  const signOut = useSignOut();
  const mode = useMode();
  const { data: session } = useSession();
  const isLost = session?.lost.includes(mode) ?? false;
  const others = session?.modes ?? [];
  const queryClient = useQueryClient();
  useEffect(() => {
    // What was refused in the meantime is read when it is over, wherever that was signed in.
    if (isLost) return () => void queryClient.invalidateQueries(ALL_ELSE);
  }, [isLost, queryClient]);
  return (
    <Modal.Root
      opened={isLost}
      onClose={() => {}}
      closeOnEscape={false}
      centered
      zIndex={240}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay />
      <Modal.Content>
        <div className="dialog-head">
          <Modal.Title>{signIn.again}</Modal.Title>
        </div>
        <Modal.Body>
          <SignInForm lead={others.length > 0 ? signIn.otherMode(modes[mode]) : signIn.againLead}>
            <Button variant="subtle" onClick={() => signOut.mutate(undefined)} loading={signOut.isPending}>
              {app.signOut}
            </Button>
          </SignInForm>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
