// The words of the HTTP API. What openapi.yaml describes comes from there.
import type { components } from "./api";

type Schemas = components["schemas"];
export type Answer = Schemas["Response"];
export type Outcome = Schemas["Outcome"];
export type Kind = Schemas["Kind"];
export type Package = Schemas["Package"];
export type Run = Schemas["Run"];
// A line that a script printed. Those of drafts have no time.
export interface Line { at?: string; level: string; text: string }
export type Timeline = Schemas["Timeline"];
export type Me = Schemas["Me"];
export type StreamLine = Schemas["AnswerEvent"];
export type Summary = Schemas["Summary"];
export type Counts = Schemas["Counts"];
export type Counted = Schemas["Counted"];
export type Host = Schemas["Host"];
export type Probe = Schemas["Probe"];
export type Progress = Schemas["Progress"];
export type Plugin = Schemas["Plugin"];

export type Queue = Schemas["Queue"];
export type QueueApp = Schemas["QueueOfApp"];
export type Lane = Schemas["Lane"];
export type Hastened = Schemas["Hastened"];
export type LanePage = Schemas["LanePage"];
export type PackagePage = Schemas["PackagePage"];
export type Health = Schemas["Components"];
export type Setting = Schemas["Setting"];
export type Stats = Schemas["Stats"];

export type Problem = Schemas["ScriptProblem"];
export type Script = Schemas["ScriptPlugin"];
export type Scripts = Schemas["ScriptList"];
export type ScriptFile = Schemas["ScriptFile"];
export type Folder = Schemas["ScriptFolder"];
export type Saved = Schemas["ScriptSaved"];
export type Conflict = NonNullable<Schemas["ScriptConflict"]["conflict"]>;
export type Template = Schemas["ScriptTemplates"]["templates"][number];
export type Checked = Schemas["ScriptChecked"];
export type Act = Schemas["ScriptAct"];
export type Verdict = Schemas["ScriptVerdict"];
export type Compared = Schemas["ScriptAnswered"];
export type Tried = Schemas["ScriptTried"];
export type Tested = Schemas["ScriptTested"];
export type Surface = Schemas["ScriptSurface"];
export type SurfaceItem = Surface["items"][number];
export type SurfaceMember = NonNullable<SurfaceItem["members"]>[number];
