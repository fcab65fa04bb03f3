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

# Foreign ELF files are recorded before dh_python3, which removes what tells them: directly
# before it where it is there already, else where it is going to be. Of a command that is
# placed twice the first place counts.
insert_before('dh_python3', 'dh_pyelf_scan');
insert_before('dh_installinit', 'dh_pyelf_scan');

# They are held from before the first tool that would change them (which of these is the
# first depends on the compat level) until the last one is done.
insert_before($_, 'dh_pyelf_hold') for qw(dh_strip_nondeterminism dh_dwz dh_strip);
insert_before('dh_installdeb', 'dh_pyelf_restore');
insert_before('dh_md5sums', 'dh_pyelf_check');

# Private trees that debian/PACKAGE.pyelf declares.
if (my @declared = glob('debian/*.pyelf debian/pyelf debian/*.pyelf.*')) {
	for my $command (qw(dh_python3 dh_strip_nondeterminism)) {
		open(my $out, '-|', 'dh_pyelf_scan', '--declared', "--print-options=$command")
			or error("cannot run dh_pyelf_scan: $!");
		chomp(my @options = <$out>);
		close($out) or error("dh_pyelf_scan cannot tell what @declared declare");
		eval { add_command_options($command, @options) if @options; };
	}
}

1;
