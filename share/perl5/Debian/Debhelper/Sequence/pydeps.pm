# debhelper's sequence add-on of dh-pydeps: Build-Depends: dh-sequence-pydeps, or
# `dh $@ --with pydeps`. It has to work for compat 12 to 14, and whether it is loaded
# before or after the add-ons python3 and dwz.

use warnings;
use strict;
use Debian::Debhelper::Dh_Lib;

# Foreign ELF files are recorded before dh_python3 removes RECORD and renames libraries. Its
# add-on puts it directly before dh_installinit. If that was loaded already there is
# dh_python3 to be put before; if it comes later, dh_python3 gets in between.
insert_before('dh_python3', 'dh_pyelf_scan')
	or insert_before('dh_installinit', 'dh_pyelf_scan');

# After dh_python3 in either case: the trees are final then.
insert_after('dh_installinit', 'dh_pydeps');

# They are held before the first tool that would change them. Which of these is the first
# depends on the compat level and on the add-on dwz; of several places of a command the first
# one counts.
insert_before($_, 'dh_pyelf_hold') for qw(dh_strip_nondeterminism dh_dwz dh_strip);

# They are put back after the last one: dh_shlibdeps, and from compat 14 on
# dh_strip_nondeterminism, which rewrites static libraries. In compat 14 what is needed is
# computed between dh_installdeb and dh_gencontrol.
insert_before('dh_installdeb', 'dh_pyelf_restore');

# Before the package is put together, whatever a maintainer has made of the one above.
insert_before('dh_md5sums', 'dh_pyelf_check');

# dh_pydeps does what dh_python3 would guess. Options cannot be given by an add-on that is
# in Build-Depends-Arch or -Indep; then both write their relations, and dpkg-gencontrol
# takes out what is implied by others.
eval { add_command_options('dh_python3', '--no-guessing-deps'); };

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
