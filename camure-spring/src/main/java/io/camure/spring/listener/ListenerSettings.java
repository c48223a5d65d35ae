package io.camure.spring.listener;

import io.camure.spring.CamureListener.OnFull;
import io.camure.spring.CamureListenerErrorHandler;
import io.camure.spring.kind.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.core.retry.RetryPolicy;

/**
 * What a listener asks for, with all placeholders filled in.
 *
 * @param queueCapacity in messages; 0 for none
 * @param errorHandler {@code null} to log
 * @param condition in SpEL, or nothing
 * @param retry {@code null} to call once
 * @param role {@code null} to listen wherever it may be; else where the coordinator is elected, only while this node has it
 */
record ListenerSettings(
        String id,
        String group,
        boolean autoStartup,
        int queueCapacity,
        OnFull onFull,
        @Nullable CamureListenerErrorHandler errorHandler,
        String condition,
        @Nullable RetryPolicy retry,
        @Nullable Role role) {}
