import { provideHttpClient, withInterceptors } from "@angular/common/http";
import { provideZonelessChangeDetection } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { provideTokenhold } from "tokenhold/angular";
import { tokenholdInterceptor } from "tokenhold/angular/http";
import { App } from "./app";
import { start } from "./session";

bootstrapApplication(App, {
  providers: [
    provideZonelessChangeDetection(),
    provideHttpClient(withInterceptors([tokenholdInterceptor])),
    provideTokenhold(start),
  ],
});
