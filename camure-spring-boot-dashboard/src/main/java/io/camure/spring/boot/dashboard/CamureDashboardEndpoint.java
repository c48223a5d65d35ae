package io.camure.spring.boot.dashboard;

import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.util.ClassUtils;

/**
 * The page, which is one document that asks for nothing but the endpoint {@code camure}. It is an endpoint itself, so that it is
 * found, exposed and protected as the others are, on whatever server they are.
 */
@WebEndpoint(id = CamureDashboardEndpoint.ID)
public final class CamureDashboardEndpoint {

    static final String ID = "camuredashboard";

    private static final boolean SERVLETS = isPresent("jakarta.servlet.http.HttpServletResponse")
            && isPresent("org.springframework.web.context.request.ServletRequestAttributes");

    private final DashboardPage page;

    CamureDashboardEndpoint(DashboardPage page) {
        this.page = page;
    }

    private static boolean isPresent(String type) {
        return ClassUtils.isPresent(type, CamureDashboardEndpoint.class.getClassLoader());
    }

    /** The page in HTML. */
    @ReadOperation(produces = "text/html;charset=UTF-8")
    public String page() {
        if (SERVLETS) {
            ServletHeaders.add(page.headers());
        }
        return page.html();
    }
}
