package io.camure.spring.listener;

import java.util.function.Supplier;

/**
 * What a listener's method is a method of.
 *
 * @param type that of the target, if the bean is a proxy
 * @param current gives what is to be called now, the proxy if there is one
 */
public record ListenerBean(Class<?> type, Supplier<?> current) {}
