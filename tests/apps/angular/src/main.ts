import { type HttpInterceptorFn, provideHttpClient, withInterceptors } from "@angular/common/http";
import { provideZonelessChangeDetection } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { provideTokenhold } from "tokenhold/angular";
import { tokenholdInterceptor } from "tokenhold/angular/http";
import { finalize } from "rxjs";
import { App } from "./app";
import { ended, start } from "./session";

const watch: HttpInterceptorFn = (request, next) => next(request).pipe(finalize(() => ended(request.url)));

bootstrapApplication(App, {
  providers: [
    provideZonelessChangeDetection(),
    provideHttpClient(withInterceptors([tokenholdInterceptor, watch])),
    provideTokenhold(start),
  ],
});
