package io.camure.spring.boot.autoconfigure.endpoint;

import io.camure.spring.boot.autoconfigure.refresh.RefreshDescriptor;
import io.camure.spring.boot.autoconfigure.refresh.RefreshDescriptor.Outcome;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/** What the endpoint tells by HTTP, where it is known who asks. */
@EndpointWebExtension(endpoint = CamureEndpoint.class)
public final class CamureEndpointWebExtension {

    private static final int CONFLICT = 409;

    private final CamureEndpoint endpoint;
    private final CamureEndpointProperties properties;

    CamureEndpointWebExtension(CamureEndpoint endpoint, CamureEndpointProperties properties) {
        this.endpoint = endpoint;
        this.properties = properties;
    }

    /** See {@link CamureEndpoint#camure()}. */
    @ReadOperation
    public CamureDescriptor camure(SecurityContext asking) {
        return endpoint.camure(isShown(asking));
    }

    /** See {@link CamureEndpoint#past}. */
    @ReadOperation
    public @Nullable HistoryDescriptor past(SecurityContext asking, @Selector String what) {
        return endpoint.past(what, isShown(asking));
    }

    /** See {@link CamureEndpoint#one}. */
    @ReadOperation
    public @Nullable Object one(SecurityContext asking, @Selector String collection, @Selector String name) {
        return endpoint.one(collection, name, isShown(asking));
    }

    /** See {@link CamureEndpoint#ask}. What has not been refreshed everywhere is told by the status, too. */
    @WriteOperation
    public WebEndpointResponse<Object> ask(SecurityContext asking, @Selector String what) throws InterruptedException {
        if (!what.equals(CamureEndpoint.REFRESH)) {
            return new WebEndpointResponse<>(endpoint.ask(what));
        }
        RefreshDescriptor answer = endpoint.refresh(isShown(asking));
        return new WebEndpointResponse<>(answer, status(answer.outcome()));
    }

    private static int status(Outcome outcome) {
        return switch (outcome) {
            case ACTIVATED -> WebEndpointResponse.STATUS_OK;
            case DISCARDED, NOT_COORDINATOR -> CONFLICT;
            case FAILED -> WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE;
        };
    }

    private boolean isShown(SecurityContext asking) {
        return properties.showValues().isShown(asking, properties.roles());
    }
}
