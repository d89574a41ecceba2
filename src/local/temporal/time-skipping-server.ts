import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import type { ChildSpec } from '../process/child-process';
import { findProgram } from '../process/find-program';
import { LocalError } from '../process/local-error';
import { freePort } from '../process/ports';
import { cacheFolder } from '../process/project';
import { startUntilReady } from '../process/ready-child';
import { downloadedServer, downloadWithSdk } from './sdk-download';
import type { Progress } from './go-install';

const VERSION = '1.38.0';
const WRAPPER = 'temporal-test-server';
const ARCHIVE = 'classes.jsa';
/** The variable with which the wrapper has Java write that archive when the server ends. */
const ARCHIVE_TO = 'ARCHIVE_TO';

/** What Maven is told to fetch: the server and everything that it needs. */
const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>session.payments</groupId>
  <artifactId>test-server</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-nop</artifactId>
      <version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
`;

/**
 * The SDK starts an executable with a port and nothing else. Not with `--enable-time-skipping` either: that takes away
 * the lock on time which the SDK expects to hold, and every `sleep` then skips twice. The server is short-lived, so Java
 * need not optimise for long. With its classes in an archive it starts in a third of the time
 * (https://docs.oracle.com/en/java/javase/17/docs/specs/man/java.html, "Application Class Data Sharing"); an archive of another
 * Java is not looked at.
 */
const WRAPPER_SCRIPT = `#!/bin/sh
folder=$(dirname "$0")
classes=-XX:SharedArchiveFile=$folder/${ARCHIVE}
[ -n "$${ARCHIVE_TO}" ] && classes=-XX:ArchiveClassesAtExit=$${ARCHIVE_TO}
exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx512m -Xlog:disable -Xlog:all=error:stderr "$classes" \\
  -cp "$folder/jars/*" io.temporal.testserver.TestServer "$@"
`;

async function fetchWithMaven(mvn: string, folder: string): Promise<string | undefined> {
  mkdirSync(dirname(folder), { recursive: true });
  // Made aside and moved into place, so that half a download is never taken for a whole one.
  const aside = mkdtempSync(`${folder}-`);
  try {
    writeFileSync(join(aside, 'pom.xml'), POM);
    const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime'];
    await promisify(execFile)(mvn, ['-q', '-B', ...goal, `-DoutputDirectory=${join(aside, 'jars')}`], {
      cwd: aside,
    });
    if (!existsSync(folder)) renameSync(aside, folder);
    return await wrapperIn(folder);
  } catch {
    return undefined;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** The executable of a folder that Maven has filled, with the archive of its classes. */
async function wrapperIn(folder: string): Promise<string> {
  const wrapper = join(folder, WRAPPER);
  if (existsSync(join(folder, ARCHIVE))) return wrapper;
  const aside = mkdtempSync(`${folder}-`);
  try {
    const script = join(aside, WRAPPER);
    writeFileSync(script, WRAPPER_SCRIPT);
    chmodSync(script, 0o755);
    renameSync(script, wrapper);
    const archive = join(aside, ARCHIVE);
    await runOnce(wrapper, { logFile: join(aside, 'log'), env: { ...process.env, [ARCHIVE_TO]: archive } });
    if (existsSync(archive)) renameSync(archive, join(folder, ARCHIVE));
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return wrapper;
}

/** Starts the server, has it answer, and stops it. */
async function runOnce(wrapper: string, spec: Pick<ChildSpec, 'logFile' | 'env'>): Promise<void> {
  const port = await freePort();
  const server = await startUntilReady(
    { name: 'the time-skipping Temporal test server', command: wrapper, args: [String(port)], ...spec },
    async () => {
      const connection = await Connection.connect({
        address: `127.0.0.1:${port}`,
        connectTimeout: 1000,
      }).catch(() => null);
      await connection?.close();
      return connection !== null;
    },
  );
  await server.stop();
}

/**
 * An executable of Temporal's time-skipping test server: cached, downloaded by Temporal's SDK, or run by Java from the
 * same release on Maven Central.
 * @throws LocalError that says what to install
 */
export async function findTimeSkippingServer(progress: Progress): Promise<string> {
  const downloads = join(cacheFolder(), 'temporal-test-server');
  const present = downloadedServer(downloads);
  if (present) return present;
  const java = findProgram('java');
  const fromMaven = join(cacheFolder(), `temporal-test-server-${VERSION}`);
  if (java && existsSync(fromMaven)) return wrapperIn(fromMaven);

  progress('getting the time-skipping Temporal test server …');
  const downloaded = await downloadWithSdk('test-server', downloads);
  if (downloaded) return downloaded;

  const mvn = findProgram('mvn');
  const fetched = java && mvn && (await fetchWithMaven(mvn, fromMaven));
  if (fetched) return fetched;
  throw new LocalError(
    "Temporal's time-skipping test server could not be downloaded: connect to the internet, or install Java 17 and " +
      'Maven, with which it is fetched from Maven Central.',
  );
}
