/**
 * What a kind of group has to have for Spring: a {@link io.camure.spring.kind.GroupKind}, and an adapter for either side of a
 * session. For camure itself.
 */
@NullMarked
package io.camure.spring.kind;

import org.jspecify.annotations.NullMarked;
