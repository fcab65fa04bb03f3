# debhelper's sequence add-on of dh-pydeps: Build-Depends: dh-sequence-pydeps, or
# `dh $@ --with pydeps`.

use warnings;
use strict;
use Debian::Debhelper::Dh_Lib;

# dh_python3 is placed before dh_installinit, too, by an add-on that is loaded before or
# after this one. So this comes after dh_python3 whatever the order: the trees are final then.
insert_after('dh_installinit', 'dh_pydeps');

# dh_pydeps does what dh_python3 would guess. Options cannot be given by an add-on that is
# in Build-Depends-Arch or -Indep; then both write their relations, and dpkg-gencontrol
# takes out what is implied by others.
eval { add_command_options('dh_python3', '--no-guessing-deps'); };

1;
