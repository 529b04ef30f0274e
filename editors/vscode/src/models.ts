/** Choosing a model, and pulling one more. */

import * as vscode from "vscode";
import { ExecuteCommandRequest, type LanguageClient } from "vscode-languageclient/node";
import { change, settingOf } from "./configuration";
import { type Model, wordsFor } from "./model_list";

interface Choice extends vscode.QuickPickItem {
  readonly take: () => Promise<void>;
}

/** Lets the user choose among the models that can be used here. */
export async function chooseModel(client: LanguageClient): Promise<void> {
  const chosen = await vscode.window.showQuickPick(choices(client), {
    title: "fimls: the model that completes",
    placeHolder: "Models that can be used here",
    matchOnDescription: true,
  });
  await chosen?.take();
}

/** Has the model of that name pulled, "" for the embedded one; without a name the user is asked. */
export async function pullModel(given?: string): Promise<void> {
  const asking = {
    title: "fimls: pull a model",
    prompt: "A model that Ollama knows, such as codellama:7b-code. Nothing: the embedded model.",
    ignoreFocusOut: true,
  };
  const name = given ?? (await vscode.window.showInputBox(asking));
  if (name !== undefined) {
    await vscode.commands.executeCommand("fimls.pull", ...[name.trim()].filter(Boolean));
  }
}

async function choices(client: LanguageClient): Promise<Choice[]> {
  const params = { command: "fimls.models", arguments: [] };
  const { models } = await client.sendRequest(ExecuteCommandRequest.type, params);
  return [
    {
      label: "Automatic",
      description: "the best of what is here",
      take: () => set({ model: undefined, backend: undefined, embeddedModel: undefined }),
    },
    ...models.map((model: Model) => ({ ...wordsFor(model), take: () => set(settingsFor(model)) })),
    { label: "Pull another model…", take: pullModel },
  ];
}

function settingsFor(model: Model): Record<string, unknown> {
  if (model.backend === "embedded") {
    return { backend: "embedded", embeddedModel: model.path ?? model.name };
  }
  const isElsewhere = settingOf("backend") === "embedded";
  return { model: model.name, ...(isElsewhere ? { backend: undefined } : {}) };
}

async function set(values: Record<string, unknown>): Promise<void> {
  for (const [key, value] of Object.entries(values)) {
    await change(key, value);
  }
}
