package io.camure.spring.flip;

import io.camure.Node;
import io.camure.spring.FlipResult;
import java.util.Map;

/**
 * What has become of a flip.
 *
 * @param notes what the nodes that have prepared it say of that, in the order of their ranks: see {@link Steps#note}
 */
public record Flipped(FlipResult result, Map<Node, String> notes) {}
