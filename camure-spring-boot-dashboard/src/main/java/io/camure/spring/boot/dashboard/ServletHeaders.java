package io.camure.spring.boot.dashboard;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Adds headers to the answer to the request of this thread, where there are servlets: an endpoint can't do that itself. */
final class ServletHeaders {

    private ServletHeaders() {}

    static void add(Map<String, String> headers) {
        if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes request) {
            HttpServletResponse response = request.getResponse();
            if (response != null) {
                headers.forEach(response::setHeader);
            }
        }
    }
}
