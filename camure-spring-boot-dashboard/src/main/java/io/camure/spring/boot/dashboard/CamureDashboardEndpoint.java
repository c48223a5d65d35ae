package io.camure.spring.boot.dashboard;

import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * The page, which is one document that asks for nothing but the endpoint {@code camure}. It is an endpoint itself, so that it is
 * found, exposed and protected as the others are, on whatever server they are.
 */
@WebEndpoint(id = CamureDashboardEndpoint.ID)
public final class CamureDashboardEndpoint {

    static final String ID = "camuredashboard";

    private final DashboardPage page;

    CamureDashboardEndpoint(DashboardPage page) {
        this.page = page;
    }

    /** The page in HTML. */
    @ReadOperation(produces = "text/html;charset=UTF-8")
    public String page() {
        return page.html();
    }
}
