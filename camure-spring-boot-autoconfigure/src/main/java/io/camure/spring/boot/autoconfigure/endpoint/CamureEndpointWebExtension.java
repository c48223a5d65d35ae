package io.camure.spring.boot.autoconfigure.endpoint;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/** What the endpoint tells by HTTP, where it is known who asks. */
@EndpointWebExtension(endpoint = CamureEndpoint.class)
public final class CamureEndpointWebExtension {

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

    private boolean isShown(SecurityContext asking) {
        return properties.showValues().isShown(asking, properties.roles());
    }
}
