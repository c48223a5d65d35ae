package io.camure.spring.listener;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.converter.ByteArrayMessageConverter;
import org.springframework.messaging.converter.CompositeMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;

/**
 * Turns objects into the content of messages and back, the same for listeners and senders: by the converters of the
 * application, in their order, then bytes and text as they are, then JSON.
 *
 * @param hasObjects whether it can do that with anything but bytes and text
 */
public record PayloadConverter(CompositeMessageConverter messageConverter, boolean hasObjects) {

    /** @param json {@code null} in an application without Jackson */
    public static PayloadConverter of(List<MessageConverter> ofTheApplication, @Nullable MessageConverter json) {
        List<MessageConverter> converters = new ArrayList<>(ofTheApplication);
        converters.add(new ByteArrayMessageConverter());
        converters.add(new StringMessageConverter());
        if (json != null) {
            converters.add(json);
        }
        return new PayloadConverter(
                new CompositeMessageConverter(converters), json != null || !ofTheApplication.isEmpty());
    }
}
