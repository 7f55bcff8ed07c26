import manifest from '../../../package.json' with { type: 'json' };
import { examineProject, type ProbeResult } from '../../engine/index.ts';
import { loadConfig } from '../config/load-config.ts';
import { doctorLines, worstState } from '../doctor/doctor-lines.ts';
import { examineConfig } from '../doctor/examine-config.ts';
import { examineNode } from '../doctor/examine-node.ts';
import { examineTerminal } from '../doctor/examine-terminal.ts';
import { readProject } from '../doctor/read-project.ts';
import { exitCodes } from '../exit-code.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';
import { safeJson } from '../output/safe-json.ts';
import { createStyle } from '../output/style.ts';
import { screenCapabilities } from '../run/load-screen.ts';

export type DoctorOptions = DisplayOptions & { readonly json?: true; readonly logDir?: string };

/** Looks whether a run would have what it needs here, and says of each thing what to do about it. */
export async function doctor(
  given: string | undefined,
  options: DoctorOptions,
  invocation: Invocation,
): Promise<number> {
  const { out, env } = invocation;
  const { file, request, results: ofPipeline } = readProject(given, options.logDir, invocation);
  const [around, terminal, config] = await Promise.all([
    examineProject(request),
    lookAtTerminal(options, invocation),
    loadConfig(invocation),
  ]);
  const node = examineNode(process.versions.node, manifest.engines.node, manifest.version);
  const results: readonly ProbeResult[] = [node, ...ofPipeline, ...around, terminal, examineConfig(config)];
  const status = worstState(results);
  if (options.json === true) {
    const rows = results.map(({ subject, state, found, advice = null, code = null }) => ({
      subject,
      state,
      found,
      advice,
      code,
    }));
    const project = { pipeline: file ?? null, project: request.projectDir };
    out.write(`${safeJson({ version: manifest.version, status, ...project, results: rows }, 2)}\n`);
  } else {
    const style = createStyle({ ...options, env, isTerminal: out.isTerminal });
    out.write(`${doctorLines(results, style).join('\n')}\n`);
  }
  return status === 'problem' ? exitCodes.precondition : exitCodes.success;
}

async function lookAtTerminal(options: DoctorOptions, invocation: Invocation): Promise<ProbeResult> {
  const { out, env } = invocation;
  const [capabilities, { minScreen }] = await Promise.all([
    screenCapabilities(options, invocation),
    import('../../ui/layout.ts'),
  ]);
  return examineTerminal({
    ...capabilities,
    env,
    isTerminal: out.isTerminal,
    isAscii: options.ascii === true,
    columns: out.columns ?? 0,
    rows: process.stdout.rows ?? 0,
    least: minScreen,
  });
}
