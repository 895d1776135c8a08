import { HttpClient, HttpContext, type HttpErrorResponse, type HttpEvent } from "@angular/common/http";
import { ApplicationRef, ChangeDetectionStrategy, Component, computed, inject, signal } from "@angular/core";
import { firstValueFrom } from "rxjs";
import { injectClaims, injectSession, injectStatus, injectTokens, onTokenEvent } from "tokenhold/angular";
import { WITHOUT_TOKEN } from "tokenhold/angular/http";
import { rendered } from "./session";

interface Person {
  name: string;
}

@Component({
  selector: "status-line",
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<p id="status">{{ count() }}{{ status() }}</p>`,
})
export class StatusLine {
  readonly status = injectStatus();
  readonly count = () => rendered("status") ?? "";
}

@Component({
  selector: "subject-line",
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<p id="subject">{{ count() }}{{ subject() }}</p>`,
})
export class SubjectLine {
  readonly session = injectSession<{ sub: string }>();
  readonly subject = computed(() => this.session().claims?.sub ?? "nobody");
  readonly count = () => rendered("subject") ?? "";
}

@Component({
  selector: "claims-line",
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<p>{{ count() }}{{ claims()?.exp }}</p>`,
})
export class ClaimsLine {
  readonly claims = injectClaims();
  readonly count = () => rendered("claims") ?? "";
}

@Component({
  selector: "app-root",
  imports: [StatusLine, SubjectLine, ClaimsLine],
  template: `
    <status-line />
    @if (status() === "signed-in") {
      <input id="draft" />
    }
    <subject-line />
    <claims-line />
    <p id="events">{{ events().join(" ") }}</p>
    <p id="name">{{ name() }}</p>
    <p id="received">{{ received() }}</p>
    <button id="sign-in" (click)="signIn()">Sign in</button>
    <button id="call" (click)="call()">Who am I?</button>
    <button id="call-bare" (click)="callBare()">Who am I, without a token?</button>
    <button id="text" (click)="text()">As text</button>
    <button id="upload" (click)="upload()">Upload</button>
    <button id="dispose" (click)="tokens.dispose()">Dispose</button>
    <button id="begin" (click)="begin()">Begin</button>
    <button id="break-off" (click)="breakOff()">Break off</button>
    <button id="refresh" (click)="tokens.refresh()">Refresh</button>
    <button id="sign-out" (click)="tokens.logout()">Sign out</button>
    <button id="leave" (click)="leave()">Leave</button>
  `,
})
export class App {
  readonly tokens = injectTokens();
  readonly status = injectStatus();
  readonly name = signal("");
  readonly received = signal("");
  readonly events = signal<string[]>([]);
  private readonly http = inject(HttpClient);
  private readonly app = inject(ApplicationRef);
  breakOff = () => {};

  constructor() {
    onTokenEvent("refreshed", ({ type }) => this.add(type));
    onTokenEvent("signed-in", ({ person }) => person === "first" || this.add(person));
    onTokenEvent("signed-out", ({ reason }) => this.add(reason));
  }

  async signIn() {
    const headers = { "X-Requested-With": "an app" };
    const credentials = { username: "alice", password: "correct horse" };
    const context = new HttpContext().set(WITHOUT_TOKEN, true);
    await this.tokens.signIn(await firstValueFrom(this.http.post("/auth/login", credentials, { headers, context })));
  }

  call() {
    this.show(new HttpContext());
  }

  callBare() {
    this.show(new HttpContext().set(WITHOUT_TOKEN, true));
  }

  text() {
    this.http.get("/api/me", { responseType: "text", observe: "events", reportProgress: true }).subscribe(this.note);
  }

  upload() {
    const body = "a".repeat(1_000_000);
    this.http.post("/api/upload", body, { observe: "events", reportProgress: true }).subscribe(this.note);
  }

  begin() {
    const subscription = this.http.get("/api/me").subscribe(() => this.received.set("all of it"));
    this.breakOff = () => subscription.unsubscribe();
    this.received.set("begun");
  }

  leave() {
    this.app.destroy();
  }

  /** The type of an event, unless it is as the one before. */
  private readonly note = ({ type }: HttpEvent<unknown>) => {
    this.received.update((before) => (before.endsWith(String(type)) ? before : `${before} ${type}`.trim()));
  };

  private show(context: HttpContext) {
    this.http.get<Person>("/api/me", { context }).subscribe({
      next: ({ name }) => this.name.set(name),
      error: (error: HttpErrorResponse) => this.name.set(`${error.status} ${error.error.error ?? error.error.code}`),
    });
  }

  private add(event: string) {
    this.events.update((events) => [...events, event]);
  }
}
