package io.camure.spring.flip;

/**
 * What camure itself flips in a group, as a bean with {@code @CamureFlip} does for the application; {@code toString()} says what of the
 * configuration has asked for it, such as <code>camure.refresh.group is 'config'</code>.
 */
public interface GroupSteps extends Steps {

    /** The name of the group as in {@code camure.groups}. */
    String group();
}
