package io.camure.spring.listener;

import io.camure.spring.CamureListener.OnFull;
import io.camure.spring.CamureListenerErrorHandler;
import org.jspecify.annotations.Nullable;

/**
 * What a listener asks for, with all placeholders filled in.
 *
 * @param queueCapacity in messages; 0 for none
 * @param errorHandler {@code null} to log
 * @param condition in SpEL, or nothing
 */
record ListenerSettings(
        String id,
        String group,
        boolean autoStartup,
        int queueCapacity,
        OnFull onFull,
        @Nullable CamureListenerErrorHandler errorHandler,
        String condition) {}
