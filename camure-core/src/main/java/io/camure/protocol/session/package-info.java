/** A session at either side: getting in, signs of life, and which group a chunk is for. */
@NullMarked
package io.camure.protocol.session;

import org.jspecify.annotations.NullMarked;
